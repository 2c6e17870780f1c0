#!/usr/bin/env python3
"""Holds docs/codes.md to the codes that are written in the source: `codes_page_test.py SOURCE`.

A code is a string literal of words with dashes between them. Those of the tables (diagnostics, failures of tests, drift, lint rules) have pages of their own; each
other one has one row, and each row is such a code. What looks like a code and is none is listed here.
"""
import pathlib
import re
import sys

TABLES = ["compiler/source/diagnostics.def", "compiler/testing/failures.def", "compiler/mcp/drift.def", "compiler/lint/rules.def"]
WITHOUT_DASH = re.compile(r'\.code = "([a-z]+)"')
# Examples in comments, names of headers, settings, verbs, encodings, keys of stores, and the like.
NO_CODES = set(
    """
    unknown-ticket accepted-keys approval-size base-url bundle-keys content-type date-time forbid-errors get-master-addr-by-name half-open idempotency-key
    if-then-else last-event-id no-builtins no-cache no-referrer no-store node-1 not-dispatched quarantine-changes remit-approvers-are-in-by
    remit-files run-tests same-origin signing-key step-up transfer-encoding utf-8 utf-16 utf-32 validate-entities
    validate-request view-source x-authzen-mapping x-forwarded-user x-remit-action x-remit-decision-id x-remit-outcome x-request-id
    """.split()
)
SHORTEST = 12


def main() -> int:
    source = pathlib.Path(sys.argv[1])
    literals: dict[str, str] = {}
    for folder in ("compiler", "runtime", "stdlib", "tools/remit"):
        for path in [*(source / folder).rglob("*.cpp"), *(source / folder).rglob("*.h")]:
            text = path.read_text(encoding="utf-8")
            for code in re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)"', text) + WITHOUT_DASH.findall(text):
                literals.setdefault(code, str(path.relative_to(source)))
    tables = {code for name in TABLES for code in re.findall(r'^[A-Z]+\(\w+,\s*"([^"]+)"', (source / name).read_text(encoding="utf-8"), re.M)}
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.*) \|$", (source / "docs/codes.md").read_text(encoding="utf-8"), re.M)
    named = [code for code, _ in rows]
    assert len(literals) > 300 and len(tables) > 150, "the source is not written as this test reads it"
    problems = [f"{code} ({where}): has no row, and is not among what is no code" for code, where in literals.items() if code not in tables | NO_CODES | set(named)]
    problems += [f"{code}: is nowhere in the source" for code in named if code not in literals]
    problems += [f"{code}: has several rows" for code in sorted(set(named)) if named.count(code) > 1]
    problems += [f"{code}: its row says too little" for code, text in rows if len(text) < SHORTEST]
    problems += [f"{code}: is listed as no code, and is nowhere" for code in NO_CODES if code not in literals]
    print("\n".join(problems) or f"{len(rows)} codes")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
