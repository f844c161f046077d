"""What varies: texts and lists of values, and sentences about those that are wrong."""

import re

import numpy as np
import pytest

from nnviz.choices.activations import ACTIVATIONS
from nnviz.sweeps.errors import SweepError
from nnviz.sweeps.vary import MOST_VALUES, cells, check, read


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("learning_rate=0.01,0.1,1", (0.01, 0.1, 1.0)),
        ("learning-rate=0.1; 1", (0.1, 1.0)),
        ("hidden=4;10", ((4,), (10,))),
        ("hidden=4;8;16,16;none", ((4,), (8,), (16, 16), ())),
        ("hidden=10,4", ((10, 4),)),
        ("learning_rate=0.01..1:log:5", (0.01, 0.0316228, 0.1, 0.316228, 1.0)),
        ("noise=0..0.5:3", (0.0, 0.25, 0.5)),
        ("noise=0..0.1:2,0.4", (0.0, 0.1, 0.4)),
        ("samples=50..53", (50, 51, 52, 53)),
        ("samples=50..50", (50,)),
        ("batch_size=1..100:log:3,full", (1, 10, 100, None)),
        ("batch_size=full;full", (None,)),
        ("activation=*", tuple(ACTIVATIONS)),
        ("standardise=*", (False, True)),
        ("inputs=x1,x2;x1", (("x1", "x2"), ("x1",))),
    ],
)
def test_texts_name_a_field_and_its_values(text, values):
    name = text.partition("=")[0].replace("-", "_")
    assert read([text]) == {name: values}


def test_lists_of_python_and_numpy_are_values_too():
    vary = check({"hidden": [(4,), [16, 16], 3], "learning_rate": np.array([0.1, 1.0])})
    assert vary == {"hidden": ((4,), (16, 16), (3,)), "learning_rate": (0.1, 1.0)}
    assert all(type(value) is float for value in vary["learning_rate"])
    assert check({"activation": "tanh,relu"}) == {"activation": ("tanh", "relu")}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("hidden", "vary must be FIELD=VALUES, such as learning_rate=0.01,0.1,1; got hidden"),
        ("seed=1,2", "seed cannot be varied: it varies with the number of weight seeds"),
        ("data_seed=1", "data seed cannot be varied: it varies with the number of data seeds"),
        ("edits=", "edits cannot be varied: it is a list of changes"),
        ("rate=1", "varied fields must be among data, .*; got rate"),
        ("learning_rate=50", "learning rate must be 1e-05…10; got 50.0"),
        ("learning_rate=fast", "learning rate must be 1e-05…10; got fast"),
        ("learning_rate=", "learning rate must be one value or more; got nothing"),
        ("learning_rate=1,,2", ("learning rate must be values with nothing left out between them; "
         "got 1,,2")),
        ("learning_rate=0.1..1", ("learning rate must be a range with a number of values, such as "
         "0.01..1:log:5; got 0.1..1")),
        ("learning_rate=1..0.1:5", ("learning rate must be a range of one value or more from low "
         "to high, above 0 if logarithmic; got 1..0.1:5")),
        ("learning_rate=0.1..1:0", ("learning rate must be a range of one value or more from low "
         "to high, above 0 if logarithmic; got 0.1..1:0")),
        ("noise=0..0.5:log:3", ("noise must be a range of one value or more from low to high, "
         "above 0 if logarithmic; got 0..0.5:log:3")),
        ("noise=a..b:3", "noise must be a range of numbers, such as 1..5; got a..b:3"),
        ("noise=0..0.5:20000", f"noise must be 1…{MOST_VALUES} values; got 20000"),
        ("hidden=1..5", "a range is for numbers; got 1..5 for hidden"),
        ("hidden=*", "\\* stands for all choices of one of data, .*, optimiser; got it for hidden"),
        ("samples=10..1e999", "samples must be a whole number 10…5000; got inf"),
    ],
)  # fmt: skip
def test_wrong_texts_are_one_sentence(text, sentence):
    with pytest.raises(SweepError) as caught:
        read([text])
    assert re.fullmatch(sentence, str(caught.value))


def test_a_field_varies_once_and_has_values():
    with pytest.raises(SweepError, match=r"^noise must be varied once; got it twice$"):
        read(["noise=0.1", "noise=0.2"])
    with pytest.raises(SweepError, match=f"^noise must be 1…{MOST_VALUES} values; got 0$"):
        check({"noise": []})
    with pytest.raises(SweepError, match=r"^noise must be a list of values or a text; got 0\.1$"):
        check({"noise": 0.1})
    endless = (0.1 for _ in iter(int, 1))
    with pytest.raises(SweepError, match=f"got more than {MOST_VALUES}$"):
        check({"noise": endless})


def test_numbers_stay_numbers_in_a_table_and_all_else_is_text():
    vary = read(["noise=0,0.1", "batch_size=10,full", "hidden=4;none", "standardise=*"])
    assert cells(vary) == {
        "noise": {0.0: 0.0, 0.1: 0.1},
        "batch_size": {10: "10", None: "full"},
        "hidden": {(4,): "4", (): "none"},
        "standardise": {False: False, True: True},
    }


def test_all_data_sets_are_those_with_points():
    everything = check({"data": "*"})["data"]
    assert {"circles", "iris"} < set(everything)
    assert "drawing" not in everything
