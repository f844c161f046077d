"""Options of whoever hosts the server, from the environment and from a command line."""

from pathlib import Path

import pytest

from nnviz.live import hosting
from nnviz.live.hosting import OPTIONS, PREFIX, Hosting, Limit
from nnviz.problems import RecipeError


def test_the_environment_sets_options_and_chosen_ones_go_before():
    environment = {
        "NNVIZ_SOCKETS": "40", "NNVIZ_MEMORY": "200", "NNVIZ_METRICS": "true",
        "NNVIZ_HOSTS": "nnviz.example, *.example.org,[::1]", "NNVIZ_EMBEDDERS": "self",
        "NNVIZ_ANIMATIONS": "", "SOCKETS": "1",
    }  # fmt: skip
    expected = Hosting(
        sockets=40, memory=300, metrics=True, hosts=("nnviz.example", "*.example.org", "[::1]"),
        embedders=("self",),
    )  # fmt: skip
    assert Hosting.from_environment(environment, memory=300) == expected


HOSTS = "NNVIZ_HOSTS must be names such as nnviz.example or *.example.org, or *; got "
EMBEDDERS = "NNVIZ_EMBEDDERS must be addresses such as https://moodle.example, or self, none or *; "


@pytest.mark.parametrize(
    ("variable", "text", "sentence"),
    [
        ("SOCKETS", "0", "NNVIZ_SOCKETS must be a whole number 1…100000; got 0"),
        ("SOCKETS", "many", "NNVIZ_SOCKETS must be a whole number 1…100000; got many"),
        ("METRICS", "perhaps", "NNVIZ_METRICS must be true or false; got perhaps"),
        ("HOSTS", "a b", HOSTS + "a b"),
        ("HOSTS", ",", HOSTS + "nothing"),
        ("EMBEDDERS", "*;script-src", EMBEDDERS + "got *;script-src"),
    ],
)
def test_an_invalid_variable_is_named_in_a_sentence(variable, text, sentence):
    with pytest.raises(RecipeError) as error:
        Hosting.from_environment({f"NNVIZ_{variable}": text})
    assert str(error.value) == sentence


def test_metrics_need_their_library(monkeypatch):
    monkeypatch.setattr(hosting, "find_spec", lambda name: None)
    assert not Hosting().metrics
    rule = "metrics must be false without prometheus-client (pip install prometheus-client); got "
    with pytest.raises(RecipeError) as error:
        Hosting(metrics=True)
    assert str(error.value) == rule + "true"


def test_the_sentence_of_every_limit_fits_into_a_close_frame():
    for name, kind in OPTIONS.items():
        if isinstance(kind, Limit):
            sentence = Hosting(**{name: kind.high}).sentence(name)
            assert str(kind.high) in sentence
            assert len(sentence.encode()) <= 123, name  # RFC 6455, 5.5: 125 with the code


def test_a_class_of_sixty_behind_one_address_fits():
    hosting = Hosting()
    assert hosting.sockets_per_address >= 60 * 3  # page, stage, and one that is being replaced
    assert hosting.memory * 1e6 >= 60 * 22e6  # see tests/live/test_load.py


def test_every_option_is_listed_for_those_who_host_a_server():
    page = Path(__file__).parents[2].joinpath("docs/hosting.md").read_text(encoding="utf-8")
    for name, kind in OPTIONS.items():
        row = f"| `{PREFIX}{name.upper()}` | {kind.write(kind.default)} | {kind.help} |"
        assert row in page
