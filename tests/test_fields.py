"""Kinds of field: the canonical form of a value, and its text in a URL."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.fields import (
    BatchSize,
    Choice,
    Choices,
    Flag,
    Integer,
    Layers,
    Names,
    Number,
    RecipeError,
    broken,
    shortly,
    spoken,
)

WORDS = {"label": "", "help": ""}
TABLE = {"red": 1, "green": 2, "blue": 3}

CHOICE = Choice(default="red", table=TABLE, **WORDS)
CHOICES = Choices(default=("red",), table=TABLE, **WORDS)
INTEGER = Integer(default=1, low=-5, high=2000, **WORDS)
BATCH = BatchSize(default=None, low=1, high=2000, **WORDS)
NUMBER = Number(default=0.5, low=-10.0, high=10.0, **WORDS)
FLAG = Flag(default=True, **WORDS)
LAYERS = Layers(default=(), most_layers=3, most_units=64, **WORDS)
NAMES = Names(default=(), **WORDS)


@pytest.mark.parametrize(
    ("kind", "value", "canonical"),
    [
        (CHOICE, "blue", "blue"),
        (CHOICES, ["blue", "red"], ("red", "blue")),  # in the order of the table
        (CHOICES, ["red", "red"], ("red",)),
        (CHOICES, "green", ("green",)),
        (INTEGER, 10.0, 10),
        (BATCH, None, None),
        (BATCH, "full", None),
        (BATCH, 32.0, 32),
        (NUMBER, 1, 1.0),
        (FLAG, False, False),
        (LAYERS, 4, (4,)),
        (LAYERS, [8, 4.0], (8, 4)),
        (LAYERS, [], ()),
        (NAMES, ["b", "a"], ("b", "a")),
    ],
)
def test_a_value_is_given_back_in_its_one_canonical_form(kind, value, canonical):
    checked = kind.check("it", value)
    assert checked == canonical
    assert type(checked) is type(canonical)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (CHOICE, "blue", "blue"),
        (CHOICES, "red,blue", ("red", "blue")),
        (INTEGER, "-3", -3),
        (BATCH, "full", None),
        (BATCH, "32", 32),
        (NUMBER, "0.25", 0.25),
        (NUMBER, "3", 3.0),
        (NUMBER, "1e-05", 1e-5),
        (FLAG, "true", True),
        (FLAG, "false", False),
        (LAYERS, "10,4", (10, 4)),
        (LAYERS, "none", ()),
        (NAMES, "a,b", ("a", "b")),
    ],
)
def test_text_and_value_are_two_writings_of_the_same(kind, text, value):
    assert kind.check("it", kind.read(text)) == value
    assert kind.write(value) == text


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [(FLAG, "1", True), (FLAG, "0", False), (FLAG, "True", True), (LAYERS, "", ())],
)
def test_some_other_writings_are_read_too(kind, text, value):
    assert kind.check("it", kind.read(text)) == value


@given(value=st.floats(-10, 10))
@settings(deadline=None, max_examples=50)
def test_a_number_survives_its_text_to_the_last_bit(value):
    again = NUMBER.check("it", NUMBER.read(NUMBER.write(value)))
    assert again.hex() == value.hex()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (INTEGER, True),
        (INTEGER, 1.5),
        (INTEGER, "1"),
        (INTEGER, math.nan),
        (INTEGER, math.inf),
        (BATCH, False),
        (NUMBER, True),
        (NUMBER, math.nan),
        (NUMBER, "1"),
        pytest.param(NUMBER, 10**400, id="huge"),
        (FLAG, 1),
        (FLAG, "true"),
        (CHOICE, ["red"]),
        (CHOICES, []),
        (CHOICES, [["red"]]),
        (LAYERS, [True]),
        (LAYERS, math.nan),
        (NAMES, "a"),
    ],
)
def test_a_value_of_another_kind_is_refused_rather_than_converted(kind, value):
    with pytest.raises(RecipeError):
        kind.check("it", value)


@pytest.mark.parametrize("kind", [INTEGER, BATCH, NUMBER, FLAG, LAYERS])
def test_text_that_cannot_be_read_is_left_for_the_check_to_name(kind):
    text = kind.read("many")
    assert text == "many"
    with pytest.raises(RecipeError):
        kind.check("it", text)


def test_a_broken_rule_names_field_rule_and_offender():
    error = broken("learning_rate", "0…1", 7)
    assert str(error) == "learning rate must be 0…1; got 7"
    assert error.problems == {"learning_rate": "learning rate must be 0…1; got 7"}


def test_several_broken_rules_are_one_error_with_a_sentence_each():
    error = RecipeError({"a": "a must be 1; got 2", "b": "b must be 3; got 4"})
    assert isinstance(error, ValueError)
    assert str(error) == "a must be 1; got 2; b must be 3; got 4"


@pytest.mark.parametrize(
    ("offender", "shown"),
    [
        ("red", "red"),
        ("", "nothing"),
        (None, "None"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 77 + "…"),
        pytest.param(10**5000, "a number too long to print", id="huge"),
    ],
)
def test_an_offender_is_shown_in_few_words(offender, shown):
    assert shortly(offender) == shown


def test_an_offender_nested_too_deeply_to_print_is_shown_in_few_words_too():
    nested = []
    for _ in range(100_000):
        nested = [nested]
    assert shortly(nested) == "something nested too deeply to print"


def test_a_name_is_spoken_without_underscores():
    assert spoken("learning_rate") == "learning rate"
