#!/usr/bin/env python3
"""Runs what the pages of docs/ say: `examples_test.py REMIT PAGE..`.

A block behind `<!-- file NAME -->` is written to that file, one behind `<!-- append NAME -->` to its end. In a block behind `<!-- run -->`, lines with `$ ` are run
one after the other in one folder for each page; the lines below each must come in its output, in this order, and `...` stands for any lines. Nothing else is read.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"<!-- (file|append|run)(?: (\S+))? -->\n+```[a-z]*\n(.*?)```", re.DOTALL)


def commands(block: str) -> list[tuple[str, list[str]]]:
    """Each command with the lines that are expected of it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and line.strip() not in ("", "..."):
            found[-1][1].append(line.strip())
    return found


def missing(output: str, expected: list[str]) -> str | None:
    """The first expected line that does not come where it should."""
    at = 0
    for line in expected:
        at = output.find(line, at)
        if at < 0:
            return line
        at += len(line)
    return None


def run_page(remit: pathlib.Path, page: pathlib.Path, work: pathlib.Path) -> tuple[int, list[str]]:
    (work / ".bin").mkdir()
    (work / ".bin" / "remit").symlink_to(remit)
    environment = os.environ | {"PATH": f"{work / '.bin'}:{os.environ['PATH']}", "NO_COLOR": "1"}
    count, problems, folder = 0, [], work
    for kind, name, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind != "run":
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("a" if kind == "append" else "w", encoding="utf-8") as file:
                file.write(block)
            continue
        for command, expected in commands(block):
            count += 1
            if match := re.fullmatch(r"cd (\S+)", command):
                folder = folder / match[1]
                continue
            done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
            output = done.stdout + done.stderr
            if (line := missing(output, expected)) is not None:
                problems.append(f"{page.name}: `{command}` does not say: {line}\n{output}")
            elif not expected and done.returncode:
                problems.append(f"{page.name}: `{command}` fails\n{output}")
    return count, problems


def main() -> int:
    remit, failures, total = pathlib.Path(sys.argv[1]).resolve(), [], 0
    for page in map(pathlib.Path, sys.argv[2:]):
        with tempfile.TemporaryDirectory() as folder:
            count, problems = run_page(remit, page, pathlib.Path(folder))
        if count == 0:
            problems.append(f"{page.name}: there is nothing to run")
        total += count
        failures += problems
    print("\n".join(failures) or f"{total} commands say what the pages say")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
