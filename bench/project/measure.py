#!/usr/bin/env python3
"""Times `remit check`, `remit lint` and `remit test` on a generated project: `measure.py REMIT [FILES]`. The median of five runs each, one process a run.

The goal is two seconds for the three together on 1,000 files.
"""
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 5


def seconds(command: list[str], folder: str) -> float:
    begin = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    took = time.perf_counter() - begin
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return took


def main() -> None:
    remit, files = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2] if len(sys.argv) > 2 else "1000"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, pathlib.Path(__file__).with_name("generate.py"), folder, files], check=True)
        total = 0.0
        for verb in ("check", "lint", "test"):
            took = [seconds([remit, verb], folder) for _ in range(RUNS)]
            total += statistics.median(took)
            print(f"{verb:6} {statistics.median(took):.3f} s  ({min(took):.3f} to {max(took):.3f})")
        print(f"{'all':6} {total:.3f} s for {files} policy files")


if __name__ == "__main__":
    main()
