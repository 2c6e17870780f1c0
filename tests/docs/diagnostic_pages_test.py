#!/usr/bin/env python3
"""Holds the pages of docs/diagnostics to the tables of codes and to what `remit` says: `diagnostic_pages_test.py REMIT SOURCE [--update]`.

A page for each code is written by hand, since what a mistake means is no matter of tables; only its message and the output of its example are. Its form:

    # CODE
    > severity: message                    as in the table
    What it means.
    ## Example                             files, each a block behind a line "`NAME`:", then a `console` block of one command and its output;
                                           or "none: REASON", where no small input makes it
    ## Mend

The command is run in a folder with just those files. It must tell this code and no other, and say what the page says. `--update` writes messages and outputs
anew, for people to review.
"""
import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

TEXT = r'"((?:[^"\\]|\\.)*)"'
# file, a row of it, the severity where the row has none: a code that two tables have has one page, with the message of the first
TABLES = [
    ("compiler/source/diagnostics.def", re.compile(rf'^DIAGNOSTIC\(\w+,\s*"(?P<code>[^"]+)",\s*(?P<severity>\w+),\s*{TEXT}\)', re.M), None),
    ("compiler/testing/failures.def", re.compile(rf'^FAILURE\(\w+,\s*"(?P<code>[^"]+)",\s*{TEXT}\)', re.M), "error"),
    ("compiler/mcp/drift.def", re.compile(rf'^DRIFT\(\w+,\s*"(?P<code>[^"]+)",\s*{TEXT}\)', re.M), "warning"),
]
ROW = re.compile(r"^[A-Z]+\(", re.M)
FILE = re.compile(r"^`([^`\n/]+)`:\n\n```[a-z]*\n(.*?)^```$", re.M | re.S)
CONSOLE = re.compile(r"^```console\n\$ ([^\n]+)\n(.*?)^```$", re.M | re.S)
TOLD = re.compile(r"(?:error|warning)\[([a-z0-9-]+)\]")
SHELL = re.compile(r"[|&;<>$]|^(?!remit )")
MOST_WITHOUT_EXAMPLE = 4


def read_tables(source: pathlib.Path) -> dict[str, str]:
    """The line of its page that quotes each code's message."""
    rows: dict[str, str] = {}
    for name, pattern, severity in TABLES:
        text = (source / name).read_text(encoding="utf-8")
        found = list(pattern.finditer(text))
        assert found and len(found) == len(ROW.findall(text)), f"{name} has rows that this test does not understand"
        for row in found:
            message = re.sub(r"\\(.)", r"\1", row.groups()[-1])
            rows.setdefault(row["code"], f"> {severity or row['severity'].lower()}: {message}")
    return rows


def run_example(remit: pathlib.Path, page: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "bin").mkdir()
        (work / "bin" / "remit").symlink_to(remit)
        (work / "run").mkdir()
        for name, content in FILE.findall(page):
            (work / "run" / name).write_text(content, encoding="utf-8")
        environment = os.environ | {"PATH": f"{work / 'bin'}:{os.environ['PATH']}", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        command = CONSOLE.search(page)[1]
        words = ["bash", "-c", command] if SHELL.search(command) else [str(remit), *shlex.split(command)[1:]]  # without a shell where none is needed: twice as fast
        done = subprocess.run(words, cwd=work / "run", env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
        if done.returncode not in (0, 1, 2):
            return f"status {done.returncode}\n" + done.stdout.decode(errors="replace")
        return done.stdout.decode(errors="replace").replace(folder, "")


def shown(output: str) -> str:
    """What a page shows of an output: of lines the first 200 characters, and twenty lines."""
    lines = [line.rstrip() if len(line) <= 200 else line[:200].rstrip() + "..." for line in output.splitlines()]
    return "".join(f"{line}\n" for line in lines[:20])


def check_page(code: str, quote: str, path: pathlib.Path, remit: pathlib.Path, update: bool) -> tuple[str, list[str]]:
    """The reason why there is no example, if so, and what is wrong."""
    page = path.read_text(encoding="utf-8")
    if update:
        page = re.sub(r"^> .*$", lambda _: quote, page, count=1, flags=re.M)
    problems = []
    if not page.startswith(f"# {code}\n\n{quote}\n\n"):
        problems.append("does not begin with its code and message")
    if re.findall(r"^## .*$", page, re.M) != ["## Example", "## Mend"]:
        problems.append("has not the sections Example and Mend")
    if none := re.search(r"^## Example\n\nnone: (\S.*)$", page, re.M):
        path.write_text(page, encoding="utf-8") if update else None
        return none[1], problems
    consoles = CONSOLE.findall(page)
    if len(consoles) != 1:
        return "", problems + ["has not one command"]
    output = run_example(remit, page)
    if set(TOLD.findall(output)) != {code}:
        problems.append(f"`{consoles[0][0]}` tells {sorted(set(TOLD.findall(output)))}:\n{output[:2000]}")
    elif update:
        page = CONSOLE.sub(lambda block: f"```console\n$ {block[1]}\n{shown(output)}```", page)
    elif consoles[0][1] != shown(output):
        problems.append(f"`{consoles[0][0]}` says something else (review and --update):\n{output[:2000]}")
    if update:
        path.write_text(page, encoding="utf-8")
    return "", problems


def main() -> int:
    remit, source, update = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]), "--update" in sys.argv[3:]
    folder, rows = source / "docs" / "diagnostics", read_tables(source)
    pages = {path.stem: path for path in folder.glob("*.md")}
    problems = [f"{code}: has no page docs/diagnostics/{code}.md" for code in rows if code not in pages]
    problems += [f"docs/diagnostics/{name}.md: no table has this code" for name in pages if name not in rows]
    written = [code for code in rows if code in pages]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda code: check_page(code, rows[code], pages[code], remit, update), written))
    problems += [f"{code}: {problem}" for code, (_, found) in zip(written, results) for problem in found]
    without = {code: reason for code, (reason, _) in zip(written, results) if reason}
    if len(without) > MOST_WITHOUT_EXAMPLE:
        problems.append(f"{len(without)} pages have no example, more than {MOST_WITHOUT_EXAMPLE}")
    for code, reason in without.items():
        print(f"no example: {code}: {reason}")
    print("\n".join(problems) or f"{len(written)} pages, {len(written) - len(without)} examples say what they say")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
