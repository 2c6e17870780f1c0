#!/usr/bin/env python3
"""The configuration for Helix: what its languages.toml must have, and that it says of the languages what the other editors' files say. `helix_test.py SOURCE`."""
import json
import pathlib
import sys
import tomllib

# Helix's book, "Languages": what each key takes. Keys that are none are not read, and nobody says so.
LANGUAGE = {"name": str, "scope": str, "file-types": list, "roots": list, "comment-token": str, "indent": dict, "language-servers": list, "auto-format": bool}
SERVER = {"command": str, "args": list}


def check_keys(what: str, table: dict, known: dict, needed: set) -> list[str]:
    problems = [f"{what}: `{key}` is no key" for key in table if key not in known]
    problems += [f"{what}: `{key}` is not a {known[key].__name__}" for key, value in table.items() if key in known and not isinstance(value, known[key])]
    return problems + [f"{what}: there is no `{key}`" for key in needed - table.keys()]


def main() -> int:
    editors = pathlib.Path(sys.argv[1]) / "editors"
    config = tomllib.loads((editors / "helix/languages.toml").read_text(encoding="utf-8"))
    manifest = json.loads((editors / "vscode/package.json").read_text(encoding="utf-8"))
    problems = [f"`{key}` is no table of Helix's" for key in config if key not in ("language", "language-server")]
    for name, server in config["language-server"].items():
        problems += check_keys(f"language-server.{name}", server, SERVER, {"command"})
        if [server["command"], *server.get("args", [])] != ["remit", "lsp"]:
            problems.append(f"language-server.{name}: starts something else than `remit lsp`")
    for language in config["language"]:
        what = f"language {language.get('name')}"
        problems += check_keys(what, language, LANGUAGE, {"name", "scope", "file-types", "language-servers"})
        problems += [f"{what}: no such server `{name}`" for name in language["language-servers"] if name not in config["language-server"]]
        if set(language.get("indent", {})) != {"tab-width", "unit"}:
            problems.append(f"{what}: indent has `tab-width` and `unit`")
    ours = {kind for language in config["language"] for kind in language["file-types"]}
    theirs = {extension.lstrip(".") for language in manifest["contributes"]["languages"] for extension in language["extensions"]}
    if ours != theirs:
        problems.append(f"file types {sorted(ours)}, but {sorted(theirs)} in the extension")
    scopes = {language["scope"] for language in config["language"]}
    if scopes != {grammar["scopeName"] for grammar in manifest["contributes"]["grammars"]}:
        problems.append(f"scopes {sorted(scopes)} are not those of the grammars")
    print("\n".join(problems) or f"{len(config['language'])} languages, file types {', '.join(sorted(ours))}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
