"""The table of tanh against Python's own, on every machine whichever way it takes."""

import math

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.field import Extent, Grid, boundary_lines
from nnviz.choices import tanh as module
from nnviz.choices.tanh import table_tanh, tanh

ULP = 2.0**-52  # of 1


def by_table(z):
    z = np.array(z, dtype=float)
    return table_tanh(z, np.full_like(z, np.nan))


def test_the_table_agrees_with_pythons_tanh_to_two_ulps_of_1():
    z = np.concatenate([np.linspace(-21, 21, 20_011), np.linspace(-0.01, 0.01, 5_003)])
    expected = [math.tanh(number) for number in z]
    np.testing.assert_allclose(by_table(z), expected, rtol=0, atol=2 * ULP)


def test_between_two_entries_it_is_as_good_as_at_them():
    entries = np.arange(-3000, 3000) / 1024
    for part in (0.0, 0.25, 0.499999, 0.5, 0.500001, 0.75):
        z = entries + part / 1024
        np.testing.assert_allclose(by_table(z), np.tanh(z), rtol=0, atol=2 * ULP)


@pytest.mark.parametrize("sign", [1, -1])
def test_small_numbers_keep_their_digits(sign):
    z = sign * np.logspace(-300, -3, 1000)
    np.testing.assert_allclose(by_table(z), np.tanh(z), rtol=1e-12)


@pytest.mark.parametrize("sign", [1, -1])
def test_large_numbers_of_any_size_are_one_with_the_right_sign(sign):
    z = sign * np.concatenate([np.logspace(1.3, 20, 5000), np.logspace(20, 308, 300)])
    np.testing.assert_array_equal(by_table(z), sign)
    out = np.empty_like(z)
    assert table_tanh(z, out) is out


def test_infinities_are_one_and_no_number_stays_none():
    np.testing.assert_array_equal(by_table([np.inf, -np.inf, np.nan]), [1, -1, np.nan])


def test_it_never_leaves_the_range_from_minus_1_to_1_and_never_falls():
    values = by_table(np.linspace(-20, 20, 40_001))
    assert np.abs(values).max() <= 1
    assert np.diff(values).min() > -2 * ULP


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("uses_table", [True, False])
def test_either_way_keeps_shape_and_kind_of_number(monkeypatch, dtype, uses_table):
    monkeypatch.setattr(module, "USES_TABLE", uses_table)
    z = np.linspace(-3, 3, 12, dtype=dtype).reshape(3, 4)
    out = np.empty_like(z)
    assert tanh(z, out) is out
    np.testing.assert_allclose(out, np.tanh(z), atol=4 * np.finfo(dtype).eps)
    np.testing.assert_array_equal(tanh(z), out)  # into a new array
    assert tanh(z).dtype == dtype


@pytest.mark.parametrize(
    ("target", "faster"),
    [("AVX512_SKX", True), ("X86_V4", True), ("X86_V3", False), ("FMA3 AVX2", False)],
)
def test_numpys_own_is_the_faster_where_it_has_avx_512(monkeypatch, target, faster):
    assert module._numpy_is_faster() != module.USES_TABLE

    def info(func_name, signature):
        assert (func_name, signature) == ("^tanh$", "float64")
        return {"tanh": {"dd": {"current": target}}}

    monkeypatch.setattr(module, "opt_func_info", info)
    assert module._numpy_is_faster() == faster


# --- where an index has 32 bits, as in WebAssembly ----------------------------------------


class Table(np.ndarray):
    """A table that refuses what NumPy refuses there: an index wider than its own."""

    def take(self, indices, **options):
        assert indices.dtype == np.intp
        return np.asarray(self).take(indices, **options)


@pytest.fixture
def narrow(monkeypatch):
    monkeypatch.setattr(module, "_TABLE", module._TABLE.view(Table))
    monkeypatch.setattr(module, "USES_TABLE", True)
    monkeypatch.setattr(np, "intp", np.int32)


def test_32_bits_are_enough_for_an_index(request):
    z = np.concatenate([np.linspace(-21, 21, 9973), np.linspace(-7e5, 7e5, 2), [3e9], [-1e300]])
    parts = [*z[:, None], z[:-2], z]
    expected = [by_table(part) for part in parts]
    request.getfixturevalue("narrow")
    for part, numbers in zip(parts, expected, strict=True):
        np.testing.assert_array_equal(by_table(part), numbers)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
@pytest.mark.parametrize("batch_size", [None, 7])
def test_a_run_is_the_same_where_an_index_has_32_bits(request, monkeypatch, activation, batch_size):
    monkeypatch.setattr(module, "USES_TABLE", True)
    recipe = Recipe(
        data="spirals", samples=60, activation=activation, batch_size=batch_size, optimiser="adam",
        learning_rate=0.05, hidden=(6, 4),
    )  # fmt: skip

    def shown():
        trainer = Trainer(recipe)
        trainer.advance(40)
        field = Grid(Extent.around(trainer.dataset), trainer.preparation, 30).field(trainer.network)
        lines = boundary_lines(field)
        return trainer.dataset.train_labels.dtype, trainer.history, field.scores, *lines

    kind, *expected = shown()
    assert kind == np.intp
    request.getfixturevalue("narrow")
    kind, *found = shown()
    assert kind == np.int32
    for own, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(own, other)


def test_a_view_of_a_larger_array_is_filled_in_place():
    units = np.ones((4, 5))
    z = np.linspace(-2, 2, 15).reshape(3, 5)
    table_tanh(z, units[1:])
    np.testing.assert_array_equal(units[0], 1.0)
    np.testing.assert_allclose(units[1:], np.tanh(z), atol=2 * ULP)


def test_the_way_of_float32_is_near_and_ends_at_one(monkeypatch):
    z = np.array([-np.inf, -200, -3, -0.5, -1e-8, 0, 1e-3, 0.7, 20, 90, np.inf, np.nan], np.float32)
    z = np.concatenate([z, np.linspace(-12, 12, 10_001, dtype=np.float32)])
    monkeypatch.setattr(module, "USES_EXP", True)
    found = module.tanh(z)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.tanh(z.astype(float)), rtol=0, atol=2e-7)
    assert module.tanh(z, z) is z
    np.testing.assert_array_equal(z, found)


@pytest.mark.parametrize(("dtype", "uses_exp"), [(np.float32, False), (np.float64, True)])
def test_where_neither_way_is_for_them_they_are_numpys_own_to_the_bit(monkeypatch, dtype, uses_exp):
    monkeypatch.setattr(module, "USES_TABLE", False)
    monkeypatch.setattr(module, "USES_EXP", uses_exp)
    z = np.linspace(-3, 3, 1001, dtype=dtype)
    np.testing.assert_array_equal(tanh(z), np.tanh(z))
