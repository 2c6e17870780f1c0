#!/usr/bin/env python3
"""Times `remit check`, `remit lint` and `remit test` on a generated project, beside what Cedar and OPA can do with the same: `measure.py REMIT [FILES] [--peers BUILD]`.

The median of five runs each, one process a run, which take turns. The goal is two seconds for our three together on 1,000 files. Peers come from their registries
in fixed versions, under BUILD; one that cannot be had is left out with a message. Cedar has neither lint nor tests: its `validate` is beside our `check`, on the
permits and forbids alone, a half of the statements. OPA's `check --strict` is beside check and lint, its `test` beside test, on Rego that says the same.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import generate

RUNS = 5
CEDAR = "4.12.0"
OPA = "1.22.2"


def seconds(command: list[str], folder: pathlib.Path) -> float:
    begin = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    took = time.perf_counter() - begin
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return took


def build(name: str, binary: pathlib.Path, command: list[str], **environment: str) -> bool:
    """Whether the peer is there, built now if need be."""
    if binary.exists():
        return True
    try:
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr, env={**os.environ, **environment})
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{name} left out: {error}")
        return False
    return True


def peers(folder: pathlib.Path, root: pathlib.Path):
    """(name, command, folder) of each that is there."""
    cedar, opa = root / "cedar-cli" / "bin" / "cedar", root / "opa"
    cargo = ["cargo", "install", "--quiet", "--locked", "cedar-policy-cli", "--version", CEDAR, "--root", str(root / "cedar-cli")]
    if build("Cedar", cedar, cargo):
        yield "cedar validate", [str(cedar), "validate", "--policies", "policies.cedar", "--schema", "schema.cedarschema"], folder / "cedar"
    if build("OPA", opa, ["go", "install", f"github.com/open-policy-agent/opa@v{OPA}"], GOBIN=str(root)):
        yield "opa check --strict", [str(opa), "check", "--strict", "."], folder / "rego"
        yield "opa test", [str(opa), "test", "."], folder / "rego"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("remit", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("files", type=int, nargs="?", default=1000)
    parser.add_argument("--peers", type=lambda path: pathlib.Path(path).resolve(), help="where they are built; without it ours alone is timed")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        subprocess.run([sys.executable, generate.__file__, folder, str(options.files)], check=True)
        commands = [(f"remit {verb}", [str(options.remit), verb], folder) for verb in ("check", "lint", "test")]
        if options.peers:
            generate.for_peers(folder, options.files)
            commands += peers(folder, options.peers)
        took = {name: [] for name, _, _ in commands}
        for _ in range(RUNS):
            for name, command, where in commands:
                took[name].append(seconds(command, where))
        for name, times in took.items():
            print(f"{name:20} {statistics.median(times):.3f} s  ({min(times):.3f} to {max(times):.3f})")
        ours = sum(statistics.median(times) for name, times in took.items() if name.startswith("remit"))
        print(f"{'remit, all three':20} {ours:.3f} s for {options.files} policy files")


if __name__ == "__main__":
    main()
