#!/usr/bin/env python3
"""Runs the commands of action.yml, the GitLab template, the pre-commit hooks and the workflows of `remit init`, each on a project that is right and on one
that is not: the first must succeed, and one of the commands on the second must fail.

What belongs to the services (uses:, containers, variables of repositories) is not run; the rest is what they would hand to a shell.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print("python3-yaml is not installed: left out")
    sys.exit(77)

remit, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
failures = []


def shell(command: str, folder: pathlib.Path, environment: dict[str, str]) -> int:
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", command], cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=100, check=False)
    if done.returncode:
        print(f"  {command.strip()!r} -> {done.returncode}\n{done.stdout[-400:]}{done.stderr[-400:]}")
    return done.returncode


def action_steps(document: dict) -> list[tuple[str, dict[str, str]]]:
    inputs = {name: str(row["default"]) for name, row in document["inputs"].items()} | {"remit": str(remit)}

    def expand(text: str) -> str:
        return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: inputs[match[1]], text).replace("${{ github.action_path }}", str(root))

    return [(step["run"], {key: expand(value) for key, value in step.get("env", {}).items()}) for step in document["runs"]["steps"]]


def workflow_steps(document: dict) -> list[tuple[str, dict[str, str]]]:
    return [(step["run"], {}) for job in document["jobs"].values() for step in job["steps"] if "run" in step]


def gitlab_steps(document: dict) -> list[tuple[str, dict[str, str]]]:
    variables = {key: str(value) for key, value in document["variables"].items()}
    return [(line, variables) for job in document.values() for line in job.get("script", [])]


def hook_steps(document: list) -> list[tuple[str, dict[str, str]]]:
    return [(hook["entry"] + ("" if hook.get("pass_filenames", True) is False else " policies/*"), {}) for hook in document]


def run_all(title: str, steps: list[tuple[str, dict[str, str]]], project: pathlib.Path, work: pathlib.Path, good: bool) -> None:
    (work / "bin").mkdir(exist_ok=True)
    link = work / "bin" / "remit"
    if not link.exists():
        link.symlink_to(remit)
    environment = {"PATH": f"{work / 'bin'}:{os.environ['PATH']}", "RUNNER_TEMP": str(work), "GITHUB_PATH": str(work / "path")}
    codes = [shell(command, project, environment | variables) for command, variables in steps]
    if not steps or good != (not any(codes)):
        failures.append(f"{title}: {'should succeed' if good else 'should fail'}, but {codes}")


def main() -> int:
    offers = [
        ("action.yml", action_steps),
        ("deploy/ci/gitlab.yml", gitlab_steps),
        (".pre-commit-hooks.yaml", hook_steps),
        ("stdlib/templates/common/dot-github/workflows/policies.yml", workflow_steps),
    ]
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for number, (name, steps_of) in enumerate(offers):
            steps = steps_of(yaml.safe_load((root / name).read_text(encoding="utf-8")))
            for good in (True, False):
                project = work / f"{number}-{good}"
                subprocess.run([remit, "init", project], check=True, capture_output=True)
                if not good:
                    policy = project / "policies" / "support.remit"
                    policy.write_text(policy.read_text().replace("amount_cents > 10000", "amount_cents > 20000"))
                print(name, "good" if good else "bad")
                run_all(f"{name}", steps, project, work, good)
                shutil.rmtree(project)
        for page in (root / "docs" / "ci.md",):
            for block in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
                yaml.safe_load(block)
    print("\n".join(failures) or f"{len(offers)} offers do what they say")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
