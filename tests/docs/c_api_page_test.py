#!/usr/bin/env python3
"""Holds the tables of docs/c-api.md, "Every function", to include/remit/remit.h: `c_api_page_test.py SOURCE`.

Each function of the header stands in one row, whose other cell says what it is for; no row names another.
"""
import pathlib
import re
import sys

SHORTEST = 15  # characters that explain something


def functions_of(header: str) -> list[str]:
    code = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
    found = re.findall(r"^REMIT_API\b[^;{]*?\b(remit_\w+)\s*\(", code, re.M)
    assert len(found) == len(re.findall(r"^REMIT_API\b", code, re.M)) > 90, "the header has declarations that this test does not understand"
    return found


def rows_of(page: str) -> list[tuple[list[str], str]]:
    section = re.search(r"^## Every function$(.*?)^## ", page, re.M | re.S)
    assert section, "the page has no section `Every function`"
    return [(re.findall(r"`(remit_\w+)`", names), text) for names, text in re.findall(r"^\| (`remit_[^|]*) \| ([^|\n]*) \|$", section[1], re.M)]


def main() -> int:
    source = pathlib.Path(sys.argv[1])
    functions = functions_of((source / "include/remit/remit.h").read_text(encoding="utf-8"))
    rows = rows_of((source / "docs/c-api.md").read_text(encoding="utf-8"))
    named = [name for names, _ in rows for name in names]
    problems = [f"{name}: is in no row" for name in functions if name not in named]
    problems += [f"{name}: is in several rows" for name in sorted(set(named)) if named.count(name) > 1]
    problems += [f"{name}: the header has no such function" for name in named if name not in functions]
    problems += [f"{', '.join(names)}: is not explained" for names, text in rows if len(text) < SHORTEST]
    print("\n".join(problems) or f"{len(functions)} functions in {len(rows)} rows")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
