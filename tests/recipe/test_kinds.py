"""Kinds of field: the canonical form of a value, and its text in a URL."""

import copy
import json
import math
import pickle
from collections import namedtuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.problems import Problem, RecipeError, field_error, field_title, short_text
from nnviz.recipe.kinds import (
    BatchSize,
    Choice,
    Choices,
    Flag,
    Integer,
    IntegerChoice,
    LayerSizes,
    Names,
    Number,
    Numbers,
    OrNone,
)

Point = namedtuple("Point", "x y")

WORDS = {"label": "", "help": ""}
TABLE = {"red": 1, "green": 2, "blue": 3}

CHOICE = Choice(default="red", table=TABLE, **WORDS)
CHOICES = Choices(default=("red",), table=TABLE, **WORDS)
INTEGER = Integer(default=1, low=-5, high=2000, **WORDS)
BATCH = BatchSize(default=None, low=1, high=2000, **WORDS)
NUMBER = Number(default=0.5, low=-10.0, high=10.0, **WORDS)
FLAG = Flag(default=True, **WORDS)
LAYERS = LayerSizes(default=(), most_layers=3, most_units=64, **WORDS)
NAMES = Names(default=(), **WORDS)
PAIR = Numbers(default=None, low=-5.0, high=5.0, **WORDS)


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
def test_a_value_is_returned_in_its_canonical_form(kind, value, canonical):
    checked = kind.check("it", value)
    assert checked == canonical
    assert type(checked) is type(canonical)


@pytest.mark.parametrize(
    ("kind", "value", "canonical"),
    [
        (CHOICE, np.str_("blue"), "blue"),
        (CHOICE, np.array("blue"), "blue"),
        (CHOICES, np.array(["blue", "red"]), ("red", "blue")),
        (CHOICES, [np.str_("green")], ("green",)),
        (INTEGER, np.int64(3), 3),
        (INTEGER, np.uint8(3), 3),
        (INTEGER, np.float32(3), 3),
        (INTEGER, np.longdouble(3), 3),
        (INTEGER, np.array(3), 3),
        (BATCH, np.int16(32), 32),
        (NUMBER, np.float32(0.25), 0.25),
        (NUMBER, np.float64(0.1), 0.1),
        (NUMBER, np.int8(2), 2.0),
        (FLAG, np.bool_(False), False),
        (LAYERS, np.array([3, 4]), (3, 4)),
        (LAYERS, np.array([]), ()),
        (LAYERS, np.int64(4), (4,)),
        (LAYERS, (np.int64(n) for n in (3, 4)), (3, 4)),
        (NAMES, np.array(["b", "a"]), ("b", "a")),
        (NAMES, [np.str_("b"), "a"], ("b", "a")),
        (PAIR, Point(np.int64(1), 2), (1.0, 2.0)),
        (PAIR, np.array([1, -2]), (1.0, -2.0)),
        (PAIR, [np.float32(0.5), np.int64(1)], (0.5, 1.0)),
    ],
)
def test_numpy_values_become_python_objects(kind, value, canonical):
    checked = kind.check("it", value)
    assert checked == canonical
    assert type(checked) is type(canonical)
    if isinstance(checked, tuple):
        assert list(map(type, checked)) == list(map(type, canonical))
    json.dumps(checked)
    assert kind.check("it", kind.read(kind.write(checked))) == checked


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        (INTEGER, np.array([3]), "it must be a whole number -5…2000; got [3]"),
        (NUMBER, np.array([[1, 2], [3, 4]]), "it must be -10…10; got [[1, 2], [3, 4]]"),
        (NUMBER, np.complex64(2), "it must be -10…10; got (2+0j)"),
        (FLAG, np.array([True]), "it must be true or false; got [True]"),
        (CHOICE, np.array(["red", "blue"]),
         "it must be one of red, green, blue; got ['red', 'blue']"),
        (LAYERS, np.array([[3, 4]]), "hidden units must be 1…64 per layer; got [3, 4] in layer 1"),
        (NAMES, np.array("red"), "it must be a list of names; got red"),
        (BATCH, np.array([2, 3]), "it must be full or a whole number 1…2000; got [2, 3]"),
        (PAIR, np.array(3), "it must be two numbers -5…5; got 3"),
    ],
)  # fmt: skip
def test_an_invalid_array_is_refused_with_a_sentence(kind, value, sentence):
    with pytest.raises(RecipeError) as caught:
        kind.check("it", value)
    assert str(caught.value) == sentence


anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(names=st.lists(anything | st.sampled_from(["a,b", ",", "%2C", "50 %", "größe", "a=b&c"])))
def test_any_names_can_be_written_and_read(names):
    assert NAMES.check("it", NAMES.read(NAMES.write(NAMES.check("it", names)))) == tuple(names)


def test_a_name_that_utf8_cannot_encode_is_refused():
    with pytest.raises(RecipeError) as caught:
        NAMES.check("it", ["a", "\ud800"])
    assert str(caught.value) == "it must be names that can be written in UTF-8; got \\ud800"


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
def test_a_value_is_written_as_text_and_read_back(kind, text, value):
    assert kind.check("it", kind.read(text)) == value
    assert kind.write(value) == text


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [(FLAG, "1", True), (FLAG, "0", False), (FLAG, "True", True), (LAYERS, "", ())],
)
def test_some_other_texts_are_read_too(kind, text, value):
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
        pytest.param(PAIR, (10**5000, 1), id="huge pair"),
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
def test_text_that_cannot_be_read_is_refused_by_the_check(kind):
    text = kind.read("many")
    assert text == "many"
    with pytest.raises(RecipeError):
        kind.check("it", text)


def test_a_field_error_names_field_rule_and_offender():
    error = field_error("learning_rate", "0…1", 7)
    assert str(error) == "learning rate must be 0…1; got 7"
    assert error.problems == {"learning_rate": "learning rate must be 0…1; got 7"}


def test_several_problems_are_one_error_with_a_sentence_each():
    error = RecipeError(Problem("a", "1", 2), Problem("b", "3", 4))
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
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\ud800\u202e", "a\\nb\\ud800\\u202e"),
        ("größe µ 数", "größe µ 数"),
        pytest.param(10**5000, "a number too long to print", id="huge"),
    ],
)
def test_an_offender_is_shortened(offender, shown):
    assert short_text(offender) == shown


def test_an_offender_nested_too_deeply_to_print_has_a_short_text():
    nested = []
    for _ in range(100_000):
        nested = [nested]
    assert short_text(nested) == "something nested too deeply to print"


def test_a_problem_keeps_its_parts_so_that_it_can_be_translated():
    (problem,) = field_error(
        "learning_rate", "{low:g}…{high:g}", 7, low=0, high=1
    ).problems.values()
    assert problem == "learning rate must be 0…1; got 7"
    assert (problem.field, problem.offender) == ("learning_rate", "7")
    assert (problem.rule, problem.values) == ("{low:g}…{high:g}", {"low": 0, "high": 1})
    german = "{subject} muss {rule} sein; es war {offender}"
    translated = german.format(
        subject="Lernrate", rule=problem.rule.format(**problem.values), offender=problem.offender
    )
    assert translated == "Lernrate muss 0…1 sein; es war 7"


def test_a_problem_of_a_layer_says_which():
    with pytest.raises(RecipeError) as caught:
        LAYERS.check("hidden", [4, 0])
    (problem,) = caught.value.problems.values()
    assert (problem.field, problem.subject, problem.offender) == ("hidden", "hidden units", "0")
    assert problem.values == {"most": 64, "layer": 2}


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_errors_and_problems_can_be_copied_and_pickled(again):
    with pytest.raises(RecipeError) as caught:
        LAYERS.check("hidden", [4, 0])
    error = again(caught.value)
    assert str(error) == str(caught.value)
    (problem,) = error.problems.values()
    assert vars(problem) == vars(caught.value.problems["hidden"])


OR_NONE = OrNone(default=None, kind=INTEGER, **WORDS)
OPTION = IntegerChoice(default=5, options=(1, 5), **WORDS)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [(OR_NONE, "none", None), (OR_NONE, "7", 7), (OPTION, "5", 5)],
)
def test_kinds_of_a_look_have_a_text_too(kind, text, value):
    assert kind.check("it", kind.read(text)) == value
    assert kind.write(value) == text


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        (OR_NONE, "many", "it must be none or a whole number -5…2000; got many"),
        (OPTION, 3, "it must be one of 1, 5; got 3"),
        (OPTION, [5], "it must be one of 1, 5; got [5]"),
        (OPTION, True, "it must be one of 1, 5; got True"),
    ],
)
def test_kinds_of_a_look_refuse_with_a_sentence(kind, value, sentence):
    with pytest.raises(RecipeError) as caught:
        kind.check("it", value)
    assert str(caught.value) == sentence


def test_none_is_a_value_only_where_it_is_the_default():
    assert PAIR.check("it", None) is None
    with pytest.raises(RecipeError):
        Numbers(default=(0.0, 1.0), low=-5.0, high=5.0, **WORDS).check("it", None)


def test_a_field_title_has_no_underscores():
    assert field_title("learning_rate") == "learning rate"
