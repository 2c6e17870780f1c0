#!/usr/bin/env python3
"""Holds "Every word" of docs/language.md to the grammar and the library: `language_page_test.py REMIT SOURCE`.

Each word and sign of grammar/Remit.g4 stands in the first cell of a row, statements in the table of statements; so does each function of the library, in the
table of functions. Rows name nothing else, and say something. Examples are expressions that are true.
"""
import pathlib
import re
import subprocess
import sys

SHORTEST = 10  # characters that say something
# What the grammar leaves to names, and the rest of the compiler reads: methods that are operators, fields of budgets, slots.
NAMES = {"contains", "containsAll", "containsAny", "isEmpty", "size", "any", "all", "hasTag", "getTag"}
STATE = {"used", "charge", "after", "limit", "remaining", "open", "budget.NAME", "breaker.NAME", "has"}
OTHERS = {"?principal", "?resource", "//", "text", "42"}


def rows_of(page: str, section: str) -> list[list[str]]:
    text = re.search(rf"^### {section}$(.*?)^##", page, re.M | re.S)
    assert text, f"there is no section `{section}`"
    rows = re.findall(r"^\|(.*)\|$", text[1], re.M)[2:]
    return [[cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", row)] for row in rows]


def spans(cell: str) -> list[str]:
    return [span.strip('"') for span in re.findall(r"`([^`]+)`", cell)]


def main() -> int:
    remit, source = sys.argv[1], pathlib.Path(sys.argv[2])
    grammar = (source / "grammar/Remit.g4").read_text(encoding="utf-8")
    page = (source / "docs/language.md").read_text(encoding="utf-8")
    builtins = set(re.findall(r'^BUILTIN\(\w+,\s*"([^"]+)"', (source / "stdlib/builtins.def").read_text(encoding="utf-8"), re.M))
    tokens = dict(re.findall(r"^([A-Z_]+) : '([^']+)' ;", grammar, re.M))
    starts = [re.search(rf"^{rule}\s*:\s*(.*)", grammar, re.M)[1] for rule in re.search(r"annotation\* \(([^)]*)\)", grammar)[1].split(" | ")]
    statements = {tokens[name] for start in starts for name in re.match(r"\(?([A-Z]+(?: \| [A-Z]+)*)", start)[1].split(" | ")}
    assert len(tokens) > 90 and len(builtins) > 50 and len(statements) == 8, "the grammar or the library is not written as this test reads it"

    sections = ["Statements", "Scopes and conditions", "Clauses", "Outcomes", "Steps of a test", "Operators", "Functions and methods"]
    tables = {section: rows_of(page, section) for section in sections}
    words = {span for section, rows in tables.items() if section != "Functions and methods" for row in rows for span in spans(row[0])}
    functions = {span for row in tables["Functions and methods"] for span in spans(row[1])}
    problems = [f"no row has `{token}`" for token in tokens.values() if token not in words]
    problems += [f"no statement `{word}`" for word in statements - {span for row in tables["Statements"] for span in spans(row[0])}]
    problems += [f"`{word}` is not in the grammar" for word in words - set(tokens.values()) - OTHERS]
    problems += [f"no row has the function `{name}`" for name in (builtins | NAMES) - functions]
    problems += [f"there is no function `{name}`" for name in functions - builtins - NAMES - STATE]
    problems += [f"{row[0]}: says too little" for section, rows in tables.items() for row in rows if section != "Functions and methods" and max(map(len, row[1:])) < SHORTEST and row[1] != "refuse"]
    examples = [span for row in tables["Operators"] for span in re.findall(r"`(.+)`", row[2])]
    for example in examples:
        done = subprocess.run([remit, "--no-project", "evaluate", example], capture_output=True, text=True, timeout=20, check=False)
        if done.stdout.strip() != "true":
            problems.append(f"`{example}`: {done.stdout}{done.stderr}")
    print("\n".join(problems) or f"{len(tokens)} words and signs, {len(functions)} functions, {len(examples)} examples")
    return 1 if problems or len(examples) < 15 else 0


if __name__ == "__main__":
    sys.exit(main())
