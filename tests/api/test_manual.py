"""docs/man/listening.1 names every command, option and variable that the program's own help names; what README
says that the program answers is what it answers."""
import json
import os
import re
import shlex

import pytest

from contract import ROOT
from service import run

COMMANDS = ["profile", "analyze", "import", "features", "search", "serve", "lambda", "catalog", "doctor", "health"]


@pytest.fixture(scope="module")
def manual():
    with open(os.path.join(ROOT, "docs", "man", "listening.1"), encoding="utf-8") as file:
        return file.read()


def help_of(binary, *words):
    status, out, err = run(binary, *words, "--help")
    assert (status, err) == (0, ""), err
    return out


def test_every_command(binary, manual):
    found = re.findall(r"^  ([a-z]+) +\S", help_of(binary).partition("Commands")[2], re.MULTILINE)
    assert found == COMMANDS
    for command in COMMANDS:
        assert re.search(rf"^\.(Cm|It Cm) {command}\b", manual, re.MULTILINE), command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_and_variable(binary, manual, command):
    text = help_of(binary, command)
    options = re.findall(r"^  --([a-z0-9-]+)", text, re.MULTILINE)
    assert options
    for option in options:
        assert re.search(rf"\bFl -{option}(?![a-z0-9-])", manual), f"--{option}"
    for variable in re.findall(r"\[([A-Z_0-9]+)\]$", text, re.MULTILINE):
        assert re.search(rf"^\.Ev .*(?<![A-Z_]){variable}(?![A-Z_0-9])", manual, re.MULTILINE), variable


def blocks_of(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return re.findall(r"```\w*\n(.*?)```", file.read(), re.DOTALL)


def block_of_readme(start, name="README.md"):
    return next(block for block in blocks_of(name) if block.startswith(start))


@pytest.mark.parametrize("name,lang", [("README.md", "en"), ("README.fr.md", "fr")])
def test_the_example_on_the_command_line(binary, name, lang):
    command, _, answer = block_of_readme("$ listening profile", name).partition("\n")
    status, out, err = run(binary, *shlex.split(command)[2:], "--lang", lang)
    assert (status, err) == (0, "")
    assert out.startswith(answer)


def test_both_languages_start_alike():
    commands = [[line.split("#")[0] for line in block_of_readme("./run", name).splitlines()] for name in ("README.md", "README.fr.md")]
    assert commands[0] == commands[1]


def test_the_example_of_an_answer(client):
    card = json.loads(block_of_readme('{ "session_id"').replace(", … }", "}"))
    session, answer = client.new_profile(["daft-punk", "adele"])
    assert list(answer.json)[:len(card)] == list(card)
    assert {**card, "session_id": session}.items() <= answer.json.items()
