"""The help of every command, made from the tables of choices."""

import importlib
import re
import shlex
import subprocess
import sys

import pytest

from nnviz.choices.palette import THEMES
from nnviz.choices.views import VIEWS
from nnviz.cli.commands import COMMANDS
from nnviz.cli.errors import EXITS
from nnviz.cli.parser import Parser, flag
from nnviz.cli.runs import moment_of
from nnviz.export import animation, render
from nnviz.export.data_files import DATA_FILES
from nnviz.export.pictures import PICTURES
from nnviz.recipe.kinds import BatchSize, Integer, LayerSizes, Number
from nnviz.recipe.moment import Moment
from nnviz.recipe.recipe import FIELDS, Recipe
from nnviz.writing.programs import FLAVOURS

WITH_A_RUN = [name for name in COMMANDS if name not in ("data", "files", "site", "sweep report")]
MORE = {
    "render": [PICTURES, VIEWS, THEMES],
    "animate": [animation.SPACINGS, VIEWS, THEMES],
    "code": [FLAVOURS],
    "export": [DATA_FILES],
}


def flat(text):
    """The text on one line."""
    return " ".join(text.split())


def entry(text, option):
    """The help of one option: from its name to the next option or group."""
    return flat(re.search(rf"^  {option} .*?(?=^  -|^\S|\Z)", text, re.M | re.S)[0])


def purpose(record):
    return getattr(record, "purpose", getattr(record, "description", record.label))


@pytest.fixture
def helped(nnviz):
    def read(name):
        answer = nnviz(*name.split(), "--help")
        assert (answer.code, answer.err) == (0, "")
        return answer.out

    return read


@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_the_overview_names_every_command_and_exit_code(nnviz, word):
    answer = nnviz(word)
    assert (answer.code, answer.err) == (0, "")
    for command in COMMANDS.values():
        assert f"{command.name} {command.description}" in flat(answer.out)
    for code, meaning in EXITS.items():
        assert f"{code} {meaning}" in flat(answer.out)


def test_without_a_command_the_overview_goes_to_standard_error(nnviz):
    answer = nnviz()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == nnviz("--help").out


def test_the_version_is_printed(nnviz):
    from importlib.metadata import version

    assert nnviz("--version").out == f"nnviz {version('nnviz-playground')}\n"


@pytest.mark.parametrize("name", WITH_A_RUN)
def test_every_field_is_an_option_with_its_help_range_and_default(helped, name):
    text = helped(name)
    for field, kind in FIELDS.items():
        help_text = entry(text, flag(field))
        assert flat(kind.help) in help_text
        if isinstance(kind, (Integer, Number)):
            shown = "g" if isinstance(kind, Number) else ""
            assert f"{kind.low:{shown}}…{kind.high:{shown}}" in help_text
        if isinstance(kind, BatchSize):
            assert "full or 1…" in help_text
        if isinstance(kind, LayerSizes):
            assert f"none, or 1…{kind.most_units} units" in help_text
        if written := kind.write(kind.default):
            assert f"default {written}" in help_text


@pytest.mark.parametrize("name", WITH_A_RUN)
def test_every_choice_is_there_with_its_purpose(helped, name):
    text = flat(helped(name))
    tables = [kind.table for kind in FIELDS.values() if hasattr(kind, "table")]
    for table in tables + MORE.get(name, []):
        for key, record in table.items():
            assert f"{key}: {flat(purpose(record))}" in text


def test_features_are_listed_for_each_measured_data_set(helped):
    text = flat(helped("train"))
    for source in FIELDS["data"].table.values():
        assert not source.is_measured or f"{source.name}: {', '.join(source.features)}" in text


def test_formats_are_listed(helped):
    for name, table in (("render", render.FORMATS), ("animate", animation.FORMATS)):
        text = flat(helped(name))
        assert all(f".{suffix}" in text for suffix in table)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_lists_the_exit_codes(helped, name):
    text = flat(helped(name))
    assert COMMANDS[name].description in text
    assert all(f"{code} {meaning}" in text for code, meaning in EXITS.items())


def examples_of(module):
    return [line.strip() for line in module.EXAMPLES.splitlines() if " nnviz " in f" {line} "]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_shell_hands_the_examples_on_as_they_are(name):
    for example in examples_of(importlib.import_module(COMMANDS[name].module)):
        words = list(shlex.shlex(example, posix=True, punctuation_chars=True))
        operators = {word for word in words if not set(word) - set("();<>|&")}
        assert operators <= {"|", ">"}, example
        bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", example)
        assert not set(bare) & set("*?[]{}$!`#"), example


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_are_valid_commands(helped, name, folder):
    recipe = Recipe(data="xor")
    (folder / "experiment.nnviz.json").write_text(Moment(recipe, 5).to_json())
    module, words = importlib.import_module(COMMANDS[name].module), name.split()
    examples = examples_of(module)
    assert len(examples) >= 2
    for example in examples:
        assert example in helped(name)
        arguments = shlex.split(example.split(" | ")[0].split(" > ")[0])
        assert arguments[: len(words) + 1] == ["nnviz", *words]
        parser = Parser(name, "", "")
        module.add(parser)
        args = parser.read(arguments[len(words) + 1 :])
        if name in WITH_A_RUN:
            epoch = "last" if name == "animate" else "epoch"
            assert isinstance(moment_of(args, epoch=epoch), Moment)


@pytest.mark.parametrize("arguments", [["--help"], ["data"], ["data", "--json"], ["render", "x"]])
def test_commands_that_draw_nothing_import_no_plotting_library(arguments):
    heavy = {"plotly", "streamlit", "sklearn", "scipy", "starlette", "PIL", "kaleido", "tqdm"}
    if arguments[0] == "render":  # lists the pictures, but draws none
        heavy -= {"plotly", "PIL"}
    script = (
        f"import sys; from nnviz.cli import main; main({arguments}); print('modules', *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split("modules")[-1].split()}
    assert "nnviz" in loaded
    assert not heavy & loaded
