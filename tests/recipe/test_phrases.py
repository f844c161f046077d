"""Settings as people say them."""

from nnviz.choices.datasets import SOURCES
from nnviz.recipe.form import FORM_FIELDS
from nnviz.recipe.kinds import Choice
from nnviz.recipe.phrases import fixed_fields, phrases
from nnviz.recipe.recipe import FIELDS


def test_every_field_of_the_form_has_a_phrase_with_room_for_a_value():
    found = phrases()
    assert list(found) == FORM_FIELDS
    assert all(phrase.pattern.count("{}") == 1 for phrase in found.values())


def test_every_record_of_a_table_is_described_by_a_name_of_its_own():
    for name, phrase in phrases().items():
        kind = FIELDS[name]
        if isinstance(kind, Choice):
            assert set(phrase.values) == set(kind.table)
            assert len(set(phrase.values.values())) == len(kind.table)


def test_only_sampled_data_leave_a_choice_of_noise_and_only_measured_data_of_features():
    for name, fixed in fixed_fields()["data"].items():
        is_measured = name == "table" or SOURCES[name].is_measured
        is_sampled = name != "table" and SOURCES[name].is_sampled
        assert ("noise" in fixed) == (not is_sampled)
        assert ("features" in fixed) == (not is_measured)


def test_a_perceptron_leaves_no_choice_of_hidden_layers():
    fixed = fixed_fields()["output"]
    assert "hidden" in fixed["step"]
    assert fixed["softmax"] == []
