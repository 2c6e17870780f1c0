#!/usr/bin/env python3
"""Writes workloads of one growing size each, in the same files as the others, so that every engine runs them as they are.

usage: scaling.py OUT KIND SIZE...

  scale-links     template links of gdrive-templates; ten of them concern each request, all the rest are of other users
  scale-policies  distinct policies of a hundred shapes; ten of them concern each request
  scale-shapes    10,000 distinct policies of so many shapes
  scale-entities  users, teams and lists of tinytodo, together so many
  scale-depth     tinytodo with teams so deep, users at the bottom and grants at the top

The answers follow from how the workload is made, and bench/peers/run checks every engine against them, Cedar too. OUT/<kind>/n<size>/ is left as it is if it
was written after this script.
"""

import json
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
REQUESTS = 500
CONCERNED = 10
COLD = 20000


def uid(kind, name):
    return {"type": kind, "id": name}


def reference(kind, name):
    return {"__entity": uid(kind, name)}


def entity(kind, name, attrs=None, parents=()):
    return {"uid": uid(kind, name), "attrs": attrs or {}, "parents": list(parents)}


def request(user, action, resource):
    return {"principal": uid("User", user), "action": uid("Action", action), "resource": resource, "context": {}}


def answer(reason):
    return {"decision": "allow" if reason else "deny", "reason": sorted(reason), "errors": []}


def write_list(path, items):
    with path.open("w") as file:
        file.write("[\n")
        file.writelines((",\n" if i else "") + json.dumps(item, separators=(",", ":")) for i, item in enumerate(items))
        file.write("\n]\n")


def copy_application(folder, app):
    source = ROOT / "build" / "workloads" / app / "n50"
    for name in ("schema.cedarschema", "policies.cedar"):
        (folder / name).write_text((source / name).read_text())


# ---- links and policies: user u reads document u, which lies in four folders; user u is in one group ----------------------------------

GRANTED_TO = [("User", "u{0}"), ("Group", "g{0}")]
GRANTED_ON = [("Document", "d{0}"), ("Folder", "a{0}"), ("Folder", "b{0}"), ("Folder", "c{0}"), ("Folder", "e{0}")]


def drive_entities(asked, others):
    """`asked` users with documents that requests name, and others that only grants name."""
    none = {"ownedDocuments": [], "ownedFolders": []}
    for i in range(asked + others):
        yield entity("Group", f"g{i}")
        yield entity("User", f"u{i}", none, [uid("Group", f"g{i}")])
        yield entity("Folder", f"e{i}")
        for below, above in (("c", "e"), ("b", "c"), ("a", "b")):
            yield entity("Folder", f"{below}{i}", None, [uid("Folder", f"{above}{i}")])
        yield entity("Document", f"d{i}", {"isPublic": False}, [uid("Folder", f"a{i}")])


def drive_grants(asked, others, size):
    """(number, principal, resource): ten for each asked user on his own document, the others each on a document of anyone's."""
    generator, number = random.Random(size), 0
    for i in range(asked):
        for kind, name in GRANTED_TO:
            for above, folder in GRANTED_ON:
                yield number, (kind, name.format(i)), (above, folder.format(i))
                number += 1
    while number < size:
        kind, name = generator.choice(GRANTED_TO)
        above, folder = generator.choice(GRANTED_ON)
        who = asked + generator.randrange(others)
        yield number, (kind, name.format(who)), (above, folder.format(generator.randrange(asked + others)))
        number += 1


def drive_sizes(size):
    asked = max(1, min(REQUESTS, size // CONCERNED // 2))
    return asked, max(1, size // 20)


def write_drive(folder, size, name):
    asked, others = drive_sizes(size)
    write_list(folder / "entities.json", drive_entities(asked, others))
    write_list(folder / "requests.json", (request(f"u{i % asked}", "read", uid("Document", f"d{i % asked}")) for i in range(REQUESTS)))
    reasons = [[name(CONCERNED * i + k) for k in range(CONCERNED)] for i in range(asked)]
    write_list(folder / "expected.json", (answer(reasons[i % asked]) for i in range(REQUESTS)))
    return drive_grants(asked, others, size)


def links(folder, size):
    copy_application(folder, "gdrive-templates")
    grants = write_drive(folder, size, lambda number: f"link{number}")
    write_list(folder / "links.json", ({"template": "template", "id": f"link{number}", "principal": uid(*principal), "resource": uid(*resource)}
                                       for number, principal, resource in grants))


# A policy's condition is one of these, repeated to make more shapes; each is true of the documents there are.
CONDITIONS = [
    "!resource.isPublic", "!principal.ownedDocuments.contains(Document::\"x{0}\")", "!(resource in Folder::\"x{0}\")",
    "resource != Document::\"x{0}\"", "!(principal in Group::\"x{0}\")", "!principal.ownedFolders.contains(Folder::\"x{0}\")",
    "!(principal == User::\"x{0}\" || resource.isPublic)", "!(resource.isPublic && resource in Folder::\"x{0}\")",
    "!(principal in Group::\"x{0}\" && resource in Folder::\"y{0}\")", "principal != User::\"x{0}\"",
]


def condition(shape, number):
    """One of as many conditions as there are shapes: its digits choose the parts."""
    parts = []
    while True:
        parts.append(CONDITIONS[shape % len(CONDITIONS)])
        shape //= len(CONDITIONS)
        if shape == 0:
            return " && ".join(parts).format(number)
        shape -= 1


def policies(folder, size, shapes=100):
    copy_application(folder, "gdrive-templates")
    grants = write_drive(folder, size, lambda number: f"p{number}")
    with (folder / "policies.cedar").open("w") as file:
        for number, principal, resource in grants:
            file.write(f'@id("p{number}") permit (principal in {principal[0]}::"{principal[1]}", action == Action::"read", '
                       f'resource in {resource[0]}::"{resource[1]}") when {{ {condition(number % shapes, number)} }};\n')


# ---- entities and depth: tinytodo ---------------------------------------------------------------------------------------------------

TEAMS_OF_A_USER = 3


def write_todo(folder, users, teams, lists, parents_of_team, teams_of_user, grants_of_list):
    """Lists have tasks like those of the other workloads. Answers are worked out by going up from each user."""
    copy_application(folder, "tinytodo")
    above = {}
    application = uid("Application", "TinyTodo")

    def ancestors(team):
        if team not in above:
            seen, todo = {team}, [team]
            while todo:
                for parent in parents_of_team(todo.pop()):
                    if parent not in seen:
                        seen.add(parent)
                        todo.append(parent)
            above[team] = seen
        return above[team]

    def entities():
        yield entity("Application", "TinyTodo")
        for t in range(teams):
            yield entity("Team", f"t{t}", None, [uid("Team", f"t{p}") for p in parents_of_team(t)] + [application])
        for u in range(users):
            yield entity("User", f"u{u}", None, [uid("Team", f"t{t}") for t in teams_of_user(u)] + [application])
        for number in range(lists):
            owner, readers, editors = grants_of_list(number)
            yield entity("List", f"l{number}", {"owner": reference("User", f"u{owner}"), "name": f"list {number}", "readers": reference("Team", f"t{readers}"),
                                                "editors": reference("Team", f"t{editors}"), "tasks": []}, [application])

    def expected(user, action, number):
        owner, readers, editors = grants_of_list(number)
        in_team = lambda team: any(team in ancestors(t) for t in teams_of_user(user))
        reason = ["1"] if owner == user else []
        if action == "GetList" and (in_team(readers) or in_team(editors)):
            reason.append("2")
        if action in ("UpdateList", "CreateTask", "UpdateTask", "DeleteTask") and in_team(editors):
            reason.append("3")
        return answer(reason)

    write_list(folder / "entities.json", entities())
    generator = random.Random(users)
    actions = ["GetList", "UpdateList", "DeleteList", "CreateTask", "UpdateTask", "DeleteTask", "EditShares"]
    for name, count in (("requests", REQUESTS), ("candidates", COLD)):
        if count == COLD and users * lists * len(actions) < 4 * COLD:
            continue
        asked = {(generator.randrange(users), generator.choice(actions), generator.randrange(lists)): None for _ in range(count)}
        write_list(folder / f"{name}.json", (request(f"u{u}", a, uid("List", f"l{n}")) for u, a, n in asked))
        write_list(folder / f"expected{name.removeprefix('requests') and '_' + name}.json", (expected(*a) for a in asked))


def entities(folder, size):
    count = max(2, size // 3)
    pick = lambda kind, number, k: random.Random(f"{kind}{number}").sample(range(count), min(k, count))
    parents = lambda team: [(team - 1) // 4] if team > 0 else []
    cache = {}
    teams = lambda user: cache.setdefault(user, pick("u", user, TEAMS_OF_A_USER))
    write_todo(folder, count, count, count, parents, teams, lambda number: pick("l", number, 2)[0:1] + pick("r", number, 2))


def depth(folder, size):
    users = 50
    parents = lambda team: [team - 1] if team > 0 else []
    write_todo(folder, users, size, 50, parents, lambda user: [size - 1], lambda number: (number, 0, min(number % 2, size - 1)))


KINDS = {"scale-links": links, "scale-policies": policies, "scale-shapes": lambda folder, size: policies(folder, 10000, size),
         "scale-entities": entities, "scale-depth": depth}


def main():
    out, kind = pathlib.Path(sys.argv[1]), sys.argv[2]
    for size in map(int, sys.argv[3:]):
        folder = out / kind / f"n{size}"
        done = folder / "done"
        if done.exists() and done.stat().st_mtime > pathlib.Path(__file__).stat().st_mtime:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        KINDS[kind](folder, size)
        done.touch()


main()
