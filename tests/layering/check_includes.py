#!/usr/bin/env python3
"""Enforces docs/architecture.md, "Who may include what", by reading the #include lines.

One table says what each folder may include of ours, one says where a third-party library may appear. A folder without a row is an
error, so a new folder states its place before it is used. The link graph in CMake could prove part of this, but static libraries link
with whatever their neighbours bring, and headers alone need no link at all; include lines do not lie.
"""
import pathlib
import re
import sys
import tempfile

# Folder: what it may include besides itself. Nothing is implied by what those folders may include in turn.
BASE = {"runtime/base"}
VALUE = BASE | {"runtime/value"}
ENTITY = VALUE | {"runtime/entity"}
LIBRARY = VALUE | {"stdlib"}
PROGRAM = LIBRARY | {"runtime/ir"}
REQUEST = LIBRARY | ENTITY | {"runtime/request"}
APPROVAL = REQUEST | {"runtime/approval", "runtime/ledger"}
EVAL = PROGRAM | REQUEST | {"runtime/eval"}
NATIVE = EVAL | {"runtime/native"}
ENGINE = NATIVE | {"runtime/engine", "runtime/approval"}
SOURCE = BASE | {"compiler/source"}
AST = LIBRARY | SOURCE | {"compiler/ast"}
PARSE = AST | {"compiler/parse"}
COMPILER = PARSE | {"compiler/parse/schema", "compiler/est", "compiler/schema", "compiler/check", "compiler/lower", "compiler/partial", "compiler/driver"}
SERVER = COMPILER | ENGINE | {"runtime/server", "runtime/bundle", "runtime/governor", "runtime/ledger", "runtime/approval", "runtime/audit"}

OURS = {
    "runtime/base": BASE,
    "runtime/value": VALUE,
    "runtime/entity": ENTITY,
    "runtime/ledger": BASE | {"runtime/ledger"},
    "runtime/ir": PROGRAM,
    "runtime/request": REQUEST,
    "runtime/approval": APPROVAL,
    "runtime/audit": BASE | {"runtime/audit", "runtime/approval"},
    "runtime/eval": EVAL,
    "stdlib": LIBRARY,
    "runtime/native": NATIVE,
    "runtime/engine": ENGINE,
    "runtime/governor": ENGINE | {"runtime/governor", "runtime/ledger", "runtime/approval", "runtime/audit"},
    "runtime/server": SERVER,
    "runtime/server/console": BASE | {"runtime/server", "runtime/server/console"},
    "runtime/server/authzen": SERVER | {"runtime/server/authzen"},
    "runtime/server/tracing": SERVER | {"runtime/server/tracing"},
    "runtime/server/process": SERVER | {"runtime/server/transport", "runtime/server/tracing", "runtime/server/process", "runtime/server/authzen", "runtime/server/console"},
    "runtime/server/transport": SERVER | {"runtime/server/transport"},
    "runtime/bundle": ENGINE | {"runtime/bundle"},
    "compiler/source": SOURCE,
    "compiler/ast": AST,
    "compiler/parse": PARSE,
    "compiler/parse/schema": PARSE | {"compiler/schema"},  # its syntax tree
    "compiler/est": PARSE,
    "compiler/schema": PARSE | ENTITY | {"compiler/parse/schema"},
    "compiler/check": AST | ENTITY,
    "compiler/lower": AST | PROGRAM | ENTITY | {"compiler/check"},
    "compiler/partial": AST | EVAL | {"compiler/check", "compiler/lower"},
    "compiler/jit": NATIVE,
    "runtime/capi": SOURCE | ENGINE | {"runtime/bundle", "runtime/governor", "runtime/ledger", "runtime/approval"},
    "runtime/capi/with_compiler": COMPILER | ENGINE | {"compiler/jit", "runtime/capi"},
    "runtime/capi/without_compiler": {"runtime/capi"},
    "compiler/driver": COMPILER | ENGINE | {"compiler/jit", "runtime/bundle"},
    "compiler/coverage": AST | EVAL | {"compiler/check"},
    "compiler/testing": COMPILER | ENGINE | {"compiler/coverage", "runtime/governor", "runtime/ledger", "runtime/approval"},
    "compiler/lint": COMPILER,
    "compiler/mcp": COMPILER,
    "compiler/explain": COMPILER | ENGINE | {"compiler/testing", "compiler/coverage"},
    "compiler/mutation": COMPILER | ENGINE | {"compiler/coverage", "compiler/testing", "runtime/governor", "runtime/ledger", "runtime/approval"},
    "compiler/project": COMPILER | {"compiler/lint"},
    "compiler/lsp": COMPILER | ENGINE | {"compiler/lint", "compiler/project", "compiler/testing", "runtime/approval"},
    "compiler/replay": COMPILER | ENGINE | {"runtime/governor", "runtime/audit"},
    "tools/remit": COMPILER | ENGINE | {"runtime/server/process", "runtime/server", "runtime/bundle", "runtime/audit", "runtime/governor", "runtime/ledger", "runtime/approval", "compiler/replay", "compiler/coverage", "compiler/testing", "compiler/lint", "compiler/lsp", "compiler/project", "compiler/mcp", "compiler/explain", "compiler/mutation"},
    "tools/docs": LIBRARY | COMPILER | {"compiler/lint", "compiler/project", "compiler/testing", "compiler/mcp"},
    "bench": COMPILER | ENGINE | {"compiler/jit", "runtime/ledger", "runtime/bundle", "runtime/audit", "runtime/governor", "runtime/approval", "tests/unit/ledger"},
    "bench/floors": {"bench"},
    "bench/server/minimal": set(),
}

# Library: how its headers are spelled, and the only folders that may include them. Tests may include anything.
THIRD_PARTY = {
    "ANTLR": (r"antlr4|antlr4-runtime.*|.*(Lexer|Parser)\.h", {"compiler/parse", "compiler/parse/schema"}),
    "LLVM": (r"llvm/.*|llvm-c/.*|clang/.*", {"compiler/jit"}),
    "an SMT solver": (r"z3.*|cvc5/.*", {"compiler/analyze"}),
    "simdjson": (r"simdjson.*", {"runtime/request", "bench/server/minimal"}),
    "nlohmann/json": (r"nlohmann/.*",
                      {"runtime/request", "runtime/approval", "runtime/audit", "runtime/server", "runtime/server/authzen", "runtime/server/process", "runtime/server/tracing", "compiler/source", "compiler/est", "compiler/schema", "compiler/driver", "compiler/replay", "compiler/testing", "compiler/lint", "compiler/lsp", "tools/remit",
                       "tools/docs", "bench", "bench/floors", "compiler/mcp", "compiler/explain", "compiler/mutation"}),
    "ICU": (r"unicode/.*", {"compiler/check", "stdlib", "runtime/ledger"}),
    "RE2": (r"re2/.*", {"stdlib"}),
    "CLI11": (r"CLI/.*", {"tools/remit", "tools/docs"}),
    "OpenSSL": (r"openssl/.*", {"runtime/ledger", "runtime/bundle", "compiler/lower", "runtime/approval", "runtime/audit", "runtime/server", "runtime/server/transport"}),
    "an HTTP library": (r"boost/.*|httplib.*", {"runtime/server/transport", "runtime/server/tracing"}),
    "toml++": (r"toml.*", {"compiler/project", "runtime/server/process"}),
    "a store's client": (r"sqlite3.*|hiredis/.*", {"runtime/ledger", "bench"}),
    "Google Benchmark": (r"benchmark/.*", {"bench"}),
    "GoogleTest": (r"gtest/.*|gmock/.*", set()),
}

ROOTS = ("runtime", "compiler", "stdlib", "tools", "bench")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?P<open>["<])(?P<path>[^">]+)[">]', re.MULTILINE)


def check_include(folder: str, path: str) -> str | None:
    """What is wrong with one include, if anything."""
    if path.startswith(".") or "/../" in path:
        return "is relative: includes start at the top of the repository"
    if path.split("/")[0] in ROOTS + ("tests", "examples"):
        target = str(pathlib.PurePosixPath(path).parent)
        if target != folder and target not in OURS[folder]:
            return f"reaches into {target}, which {folder} may not know"
        return None
    for library, (spelling, folders) in THIRD_PARTY.items():
        if re.fullmatch(spelling, path) and folder not in folders:
            return f"brings {library} into {folder}; it belongs in {', '.join(sorted(folders)) or 'tests'}"
    return None


def violations(root: pathlib.Path) -> tuple[list[str], int]:
    found, lines_read = [], 0
    for top in ROOTS:
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in (".h", ".cpp", ".c", ".def"):
                continue
            name = file.relative_to(root).as_posix()
            folder = file.parent.relative_to(root).as_posix()
            if folder not in OURS:
                found.append(f"{name}: folder {folder} has no row in tests/layering/check_includes.py")
                continue
            text = file.read_text(encoding="utf-8")
            for match in INCLUDE.finditer(text):
                lines_read += 1
                if problem := check_include(folder, match["path"]):
                    line = text.count("\n", 0, match.start()) + 1
                    found.append(f'{name}:{line}: #include of {match["path"]} {problem}')
    return found, lines_read


def self_test() -> list[str]:
    """Each rule broken once must be seen, and a file that keeps them must pass."""
    cases = [
        ("runtime/eval/a.cpp", '#include "compiler/ast/ast.h"', True),
        ("runtime/base/a.h", '#include "runtime/value/value.h"', True),
        ("stdlib/a.cpp", '#include "runtime/entity/entity_store.h"', True),
        ("runtime/ir/a.cpp", "#include <nlohmann/json.hpp>", True),
        ("runtime/eval/a.cpp", "#  include <simdjson.h>", True),
        ("compiler/lower/a.cpp", "#include <llvm/IR/Module.h>", True),
        ("compiler/est/a.cpp", "#include <antlr4-runtime.h>", True),
        ("compiler/driver/a.cpp", "#include <CLI/CLI.hpp>", True),
        ("compiler/ast/a.cpp", '#include "../parse/parse.h"', True),
        ("runtime/eval/a.cpp", '#include "tests/unit/fixture.h"', True),
        ("runtime/brand_new/a.cpp", "#include <vector>", True),
        ("runtime/eval/a.cpp", '#include "runtime/ir/program.h"\n#include <vector>', False),
        ("compiler/parse/a.cpp", "#include <antlr4-runtime.h>", False),
        ("runtime/request/a.cpp", "#include <simdjson.h>", False),
    ]
    wrong = []
    for name, text, forbidden in cases:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / name
            file.parent.mkdir(parents=True)
            file.write_text(text + "\n", encoding="utf-8")
            if bool(violations(pathlib.Path(folder))[0]) != forbidden:
                wrong.append(f"{name} with {text!r} should {'be refused' if forbidden else 'pass'}")
    return wrong


def main() -> int:
    if sys.argv[1:] == ["--self-test"]:
        problems = self_test()
        print("\n".join(problems) or "every rule can fail")
        return 1 if problems else 0
    found, lines_read = violations(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    print("\n".join(found) or f"{lines_read} include lines keep to the layers")
    return 1 if found or lines_read == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
