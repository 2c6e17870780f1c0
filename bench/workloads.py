#!/usr/bin/env python3
"""Unpacks the workloads of Cedar's OOPSLA evaluation for the benchmarks, and adds what the archives lack.

usage: workloads.py OUT [--from FOLDER]

OUT/<app>/n<k>/ holds schema, policies, entities, requests and the answers Cedar gave. Added here, the same on every machine:

  slices.json               at n50: each request of requests.json with the entities that concern it, for decisions from JSON alone
  candidates.json           of the template applications at n5000: 20,000 distinct requests
  expected_candidates.json  of the same: Cedar would need 20 minutes for them, so a small reference in Python answers; it must first
                            agree with Cedar on every request that has a saved answer

The expected answers to the other candidates are Cedar's own, and bench/peers/run asks it.
"""

import json
import pathlib
import random
import sys
import tarfile

APPS = ["gdrive", "github", "tinytodo", "gdrive-templates", "github-templates"]


def unpack(archives, out):
    for name in [*APPS, "cold-n5000"]:
        with tarfile.open(archives / f"{name}.tar.gz") as archive:
            archive.extractall(out, filter="data") if hasattr(tarfile, "data_filter") else archive.extractall(out)


def uid(value):
    return (value["type"], value["id"])


class Entities:
    """Entities by uid, and the ancestors of each."""

    def __init__(self, documents):
        self.documents = {uid(d["uid"]): d for d in documents}
        self.closure = {}

    def ancestors(self, start):
        if start not in self.closure:
            seen, todo = set(), [start]
            while todo:
                for parent in self.documents.get(todo.pop(), {"parents": []})["parents"]:
                    if uid(parent) not in seen:
                        seen.add(uid(parent))
                        todo.append(uid(parent))
            self.closure[start] = seen
        return self.closure[start]

    def within(self, below, above):
        return below == above or above in self.ancestors(below)

    def attribute(self, entity, name):
        value = self.documents[entity]["attrs"][name]
        return [uid(v["__entity"]) for v in value] if isinstance(value, list) else uid(value["__entity"])


def references(value):
    if isinstance(value, list):
        return [r for v in value for r in references(v)]
    if isinstance(value, dict):
        return [uid(value["__entity"])] if "__entity" in value else [r for v in value.values() for r in references(v)]
    return []


def with_slice(entities, request):
    """The request, and: its entities, what their attributes name, and everything above the principal and the resource."""
    ends = [uid(request["principal"]), uid(request["resource"])]
    wanted = set(ends)
    for end in ends:
        wanted |= entities.ancestors(end)
        wanted |= set(references(entities.documents[end]["attrs"]) if end in entities.documents else [])
    return {**request, "entities": [entities.documents[w] for w in sorted(wanted) if w in entities.documents]}


# ---- the reference for the template applications --------------------------------------------------------------------------------

# github-templates: an action is permitted by the templates of the actions it is in, itself included.
CHAIN = ["admin", "maintain", "write", "triage", "read"]


class Reference:
    def __init__(self, app, entities, links):
        self.app, self.entities, self.links = app, entities, {}
        for link in links:
            self.links.setdefault(uid(link["resource"]), []).append((link["id"], link["template"], uid(link["principal"])))

    def answer(self, request):
        principal, action, resource = uid(request["principal"]), request["action"]["id"], uid(request["resource"])
        reason = self.gdrive(principal, action, resource) if self.app.startswith("gdrive") else self.github(principal, action, resource)
        return {"decision": "allow" if reason else "deny", "reason": sorted(reason), "errors": []}

    def linked(self, principal, resources, templates):
        return [i for r in resources for i, template, p in self.links.get(r, []) if template in templates and self.entities.within(principal, p)]

    def gdrive(self, principal, action, resource):
        e, reason = self.entities, []
        documents, folders = e.attribute(principal, "ownedDocuments"), e.attribute(principal, "ownedFolders")
        if action == "read" and e.documents[resource]["attrs"]["isPublic"]:
            reason.append("public")
        if action in ("read", "write", "share") and any(e.within(resource, above) for above in documents + folders):
            reason.append("owner")
        if action == "changeOwner" and resource in documents:
            reason.append("change-owner")
        if action == "createDocument" and resource in folders:
            reason.append("create")
        return reason + (self.linked(principal, {resource} | e.ancestors(resource), ["template"]) if action == "read" else [])

    def github(self, principal, action, resource):
        e, allowed = self.entities, CHAIN[:CHAIN.index(action) + 1]
        owner = e.attribute(resource, "owner")
        reason = [f"org-{name}" for name, attribute in (("read", "readers"), ("write", "writers"), ("admin", "admins"))
                  if name in (allowed if name != "read" else [action]) and e.within(principal, e.attribute(owner, attribute))]
        return reason + self.linked(principal, [resource], [f"{a}Template" for a in allowed if a != "read" or action == "read"])


def template_candidates(app, folder, entities, count=20000):
    """Distinct requests, uniform over actions, users and resources."""
    generator, seen, requests = random.Random(20240501), set(), []
    by_type = {}
    for kind, name in entities.documents:
        by_type.setdefault(kind, []).append(name)
    kinds = {a: "Repository" for a in CHAIN} if app.startswith("github") else \
        {"read": "Document", "write": "Document", "share": "Document", "changeOwner": "Document", "createDocument": "Folder"}
    while len(requests) < count:
        action = generator.choice(list(kinds))
        choice = (generator.choice(by_type["User"]), action, generator.choice(by_type[kinds[action]]))
        if choice not in seen:
            seen.add(choice)
            requests.append({"principal": {"type": "User", "id": choice[0]}, "action": {"type": "Action", "id": action},
                             "resource": {"type": kinds[action], "id": choice[2]}, "context": {}})
    return requests


def write_list(path, items):
    path.write_text("[\n" + ",\n".join(json.dumps(i, separators=(",", ":")) for i in items) + "\n]\n")


def add_template_candidates(app, folder):
    entities = Entities(json.loads((folder / "entities.json").read_text()))
    reference = Reference(app, entities, json.loads((folder / "links.json").read_text()))
    for suffix in ("", "_mix"):
        requests, expected = (json.loads((folder / f"{name}{suffix}.json").read_text()) for name in ("requests", "expected"))
        for request, answer in zip(requests, expected, strict=True):
            assert reference.answer(request) == {**answer, "reason": sorted(answer["reason"])}, (folder, request, answer)
    requests = template_candidates(app, folder, entities)
    write_list(folder / "candidates.json", requests)
    write_list(folder / "expected_candidates.json", [reference.answer(r) for r in requests])


def main():
    out = pathlib.Path(sys.argv[1])
    root = pathlib.Path(__file__).resolve().parent.parent
    archives = pathlib.Path(sys.argv[3]) if sys.argv[2:3] == ["--from"] else root.parent / "shared" / "workloads"
    done = out / "done"
    if done.exists() and done.stat().st_mtime > pathlib.Path(__file__).stat().st_mtime:
        return
    if not archives.is_dir():
        sys.exit(f"workloads.py: no workloads: `{archives}` is not there")
    out.mkdir(parents=True, exist_ok=True)
    unpack(archives, out)
    for app in APPS:
        folder = out / app / "n50"
        entities = Entities(json.loads((folder / "entities.json").read_text()))
        write_list(folder / "slices.json", [with_slice(entities, r) for r in json.loads((folder / "requests.json").read_text())])
        if app.endswith("-templates"):
            add_template_candidates(app, out / app / "n5000")
    done.touch()


main()
