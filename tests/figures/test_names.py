"""Names from users are shown literally, even if they look like tags or templates to Plotly."""

import numpy as np
import pytest

from nnviz.analysis.field import Extent, Field
from nnviz.choices.datasets import Dataset
from nnviz.figures import Wiring, bars, boundary, diagram, headings_at, surface
from nnviz.figures.sheet import plain

NAMES, FEATURES = ("<b>%{y}", "x &amp; %{customdata}$y$"), ("<i>%{x}", "a<br>%{y}$z$")
FOREIGN = ("<b>", "<i>", "a<br>", "%{y}", "%{x}", "%{customdata}", "x &amp; ", "$")


def field():
    p = np.linspace(0, 1, 400).reshape(20, 20)
    return Field(np.linspace(-1, 1, 20), np.linspace(-1, 1, 20), np.stack([p, 1 - p]),
                 np.stack([p, 1 - p]))  # fmt: skip


def drawn():
    extent = Extent((-1, 1), (-1, 1))
    points, labels = np.array([[0.0, 0.5], [0.5, 0.0]]), np.array([0, 1])
    dataset = Dataset(points, labels, points, labels, FEATURES, NAMES, False)
    wiring = Wiring(
        [np.ones((3, 2))], [np.zeros((2, 4, 4))] * 2, [1, 1], FEATURES, NAMES, "softmax"
    )
    headings = headings_at("softmax", FEATURES, (0, 0), extent)
    size = (900, 700)
    return {
        "boundary": boundary(dataset, extent, field(), [], size=size),
        "bars": bars(np.array([0.25, 0.75]), NAMES, headings, size=size),
        "surface": surface(field(), 0, FEATURES, NAMES[0], size=size),
        "diagram": diagram(wiring, size=size),
    }


@pytest.mark.parametrize("name", drawn())
def test_plotly_interprets_nothing_in_a_name(name):
    figure = drawn()[name].to_plotly_json()
    figure["layout"].pop("images", None)  # their names are not shown
    texts = [text for text in strings(figure) if not text.startswith("data:")]
    # without the placeholders of our own hover template
    texts = [text.replace("%{customdata}: %{text}", "") for text in texts]
    assert any(plain(NAMES[0]) in text for text in texts)
    if name != "bars":
        assert any(plain(FEATURES[0]) in text for text in texts)
    assert not [text for text in texts if any(each in text for each in FOREIGN)]


def strings(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from strings(each)
    elif isinstance(value, np.ndarray):
        yield from strings(value.tolist())


def test_text_is_escaped_as_html():
    assert plain("<b> & %{y}: 5 %") == "&lt;b&gt; &amp; %&#123;y}: 5 %"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("a $x^2$ b", "a &#36;x^2&#36; b"),
        ("%{x}", "%&#123;x}"),
        ("a\x1b[31m\x00b", "a [31m b"),
        ("\ud800\udcff", "\ufffd\ufffd"),
        ("größe 数 😀", "größe 数 😀"),
    ],
)
def test_text_is_escaped_so_that_plotly_shows_it_literally(text, escaped):
    assert plain(text) == escaped
