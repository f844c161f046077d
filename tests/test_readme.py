"""The README's commands, snippets and pictures are valid."""

import importlib
import re
import shlex
import warnings
from pathlib import Path

import joblib
import pytest
from sklearn.datasets import make_circles
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning

from nnviz import Moment, Recipe
from nnviz.cli import commands
from nnviz.cli.parser import Parser
from nnviz.cli.runs import moment_of

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [
    line for kind, text in BLOCKS if not kind for line in text.splitlines()
    if line.startswith("nnviz ")
]  # fmt: skip
SNIPPETS = [text for kind, text in BLOCKS if kind == "python"]


@pytest.mark.parametrize("line", COMMANDS)
def test_its_commands_are_valid(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "moons.nnviz.json").write_text(Moment(Recipe(data="moons")).to_json())
    rows = (f"{i % 7}.5,{i % 3}.25,{'ab'[i % 2]}" for i in range(40))
    (tmp_path / "flowers.csv").write_text("\n".join(["petal length,petal width,species", *rows]))
    words = shlex.split(line.split(" > ")[0])[1:]
    name = max((name for name in commands.COMMANDS if line.startswith(f"nnviz {name} ")), key=len)
    parser = Parser(name, "", "")
    importlib.import_module(commands.COMMANDS[name].module).add(parser)
    args = parser.read(words[len(name.split()) :])
    assert name == "sweep report" or moment_of(args, epoch="last" if name == "animate" else "epoch")


def test_its_pictures_are_made_by_its_commands():
    recipe = (ROOT / "Makefile").read_text().split("\ngallery:")[1].split("\n\n")[0]
    made = [line.strip() for line in recipe.splitlines()[1:]]
    printed = [
        line.replace("$(NNVIZ)", "nnviz").replace("PYTHONPATH=. $(BIN)/python", "python")
        for line in made
    ]
    assert "\n".join(printed) in README
    for picture in re.findall(r"!\[[^]]*\]\((assets/[^)]+)\)", README):
        assert any(line.endswith(picture) for line in printed), picture
        assert (ROOT / picture).is_file()


@pytest.mark.parametrize("text", SNIPPETS, ids=lambda text: text.split("\n")[0])
def test_its_snippets_run(text):
    X, y = make_circles(60, random_state=0)
    names = {"X": X, "y": y, "RandomForestClassifier": RandomForestClassifier}
    with warnings.catch_warnings(), joblib.parallel_config(n_jobs=1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        exec(text, names)
