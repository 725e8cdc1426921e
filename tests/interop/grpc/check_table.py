#!/usr/bin/python3
# Runs a client's interop cases, and checks that the table of a page says what has become of them:
#   check_table.py PAGE COLUMN CLIENT [ARGUMENT...]
#
# The client prints a line for each case: "NAME: passes", "NAME: passes (HOW; HOW)" or "NAME: no
# (WHY)". In the table stands "passes", "passes (1, 2)" or "no (3)" in the column, in the row of the
# case; below it stand the texts in brackets, as the items of a list with these numbers. The exit
# status is the client's, or 1 where the page says something else.
import re
import subprocess
import sys

page, column, *command = sys.argv[1:]


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


# What each case is said to come to, with the texts for the numbers.
def read_page():
    with open(page, encoding="utf-8") as file:
        lines = file.read().split("\n")
    heads = [i for i, line in enumerate(lines) if line.startswith("| case ") and column in line]
    if len(heads) != 1:
        sys.exit(f"{page}: {len(heads)} tables have a column {column!r}; expected one")
    place = cells(lines[heads[0]]).index(column)
    rows = []
    rest = heads[0] + 2
    while lines[rest].startswith("|"):
        rows.append(cells(lines[rest]))
        rest += 1
    text = "\n".join(lines[rest:]).split("\n#")[0]
    notes = {
        number: " ".join(note.split())
        for number, note in re.findall(r"^(\d+)\. (.*(?:\n   .*)*)", text, re.MULTILINE)
    }
    said = {}
    for row in rows:
        match = re.fullmatch(r"(passes|no)(?: \(([\d, ]+)\))?", row[place])
        if not match:
            sys.exit(f"{page}: {row[0]}, {column}: {row[place]!r}; expected passes or no")
        outcome, numbers = match.groups()
        said[row[0]] = (outcome, [notes[n.strip()] for n in numbers.split(",")] if numbers else [])
    return said


seen = {}
client = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
for line in client.stdout:
    print(line, end="", flush=True)
    match = re.fullmatch(r"(\w+): (passes|no)(?: \((.*)\))?\n", line)
    if match:
        name, outcome, how = match.groups()
        seen[name] = (outcome, how.split("; ") if how else [])
if client.wait() != 0:
    sys.exit(client.returncode)

said = read_page()
good = True
for name in sorted(said.keys() | seen.keys()):
    if said.get(name) == seen.get(name):
        continue
    print(f"{page}: {name}, {column}: says {said.get(name)}; was {seen.get(name)}", file=sys.stderr)
    good = False
if not seen:
    print(f"{column}: no case was run", file=sys.stderr)
sys.exit(0 if good and seen else 1)
