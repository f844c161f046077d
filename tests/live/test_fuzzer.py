"""Random valid, almost valid and garbage requests to a session and to the studio.

No exception, no reply over its bound, nothing changed by a request that is refused, nothing left
over. ``NNVIZ_FUZZ_STEPS=20000`` makes so many steps.
"""

import gc
import io
import json
import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from PIL import Image

from nnviz.export.animation import FORMATS
from nnviz.live.animations import answer
from nnviz.live.codec import plain, unpack
from nnviz.live.exports import EXPORTS
from nnviz.live.operations import OPERATIONS
from nnviz.live.session import LiveSession
from nnviz.problems import RecipeError
from nnviz.recipe.look import LOOK_FIELDS
from nnviz.recipe.recipe import FIELDS, Recipe
from nnviz.training.starts import COUNTS, VARIED
from nnviz.training.trainer import Trainer

STEPS = int(os.environ.get("NNVIZ_FUZZ_STEPS", "300"))
AT_ONCE = 30  # steps of one session
FRAME = 400_000  # bytes: more than the largest picture of the small networks here, uncompressed
FILE = 4_000_000  # bytes of a picture as a figure, or of an animation
NEW_OBJECTS = 5_000 + 2 * STEPS  # mostly strategies that Hypothesis keeps
OWN_OBJECTS = 50  # of our classes, in caches; of runs, none

# all JSON values, and what Python's parser accepts beyond JSON
text = st.text(st.characters(exclude_categories=()), max_size=8)  # lone surrogates too
numbers = (
    st.integers()
    | st.floats()
    | st.sampled_from([10**400, -(10**400), 2**63, 1e308, 5e-324, -0.0])
    | st.integers(-2, 20)
)
strings = st.sampled_from(
    ["open", "frame", "edit", "weight", "full", "none", "iris", "adam", "x1", "1", "0.5", "9" * 400]
)
scalars = st.none() | st.booleans() | numbers | text | strings
small = st.recursive(
    scalars,
    lambda values: (
        st.lists(values, max_size=4) | st.dictionaries(text | strings, values, max_size=4)
    ),
    max_leaves=8,
)
large = st.sampled_from(
    [[0] * 5000, ["x1"] * 5000, [[1, "l2", 0]] * 600, {str(i): i for i in range(999)}]
)
deep = st.sampled_from([50, 300]).map(lambda depth: json.loads("[" * depth + "]" * depth))
garbage = small | large | deep


# --- valid requests -------------------------------------------------------------------

epochs = st.integers(0, 30)
points = st.lists(st.floats(-2, 2), min_size=2, max_size=2)
units = st.sampled_from([None, [0, 1], [1, 0], [2, 0], [3, 5]])  # not all are there
TABLE = Recipe.from_table([[0, 0], [1, 1], [0, 1], [2, 0]], ["a", "a", "b", "b"]).to_values()
recipes = st.fixed_dictionaries(
    {
        "data": st.sampled_from(["xor", "circles", "linear", "iris", TABLE["data"]]),
        "samples": st.just(20),
    },
    optional={
        "hidden": st.sampled_from([[], [2], [3, 2]]),
        "output": st.sampled_from(["softmax", "sigmoid", "step"]),
        "optimiser": st.sampled_from(["sgd", "adam"]),
        "batch_size": st.sampled_from([None, 1, 7]),
        "learning_rate": st.sampled_from([1e-3, 0.5, 10]),
        "edits": st.sampled_from(
            [[], [[2, "l2", 0.1]], [[3, "weight", 1, [0, 1, 0]]], [[2, "points", "7_0_0_0"]]]
        ),
    },
)


def link(fields):
    """The query of a recipe; of one that is invalid, its fields one by one."""
    try:
        return Recipe.from_json(fields).to_query()
    except RecipeError:
        return "&".join(f"{name}={value}" for name, value in fields.items())


links = recipes.map(link) | st.sampled_from(["", "data=spiral&samples=40&epoch=7", "data=\ud800"])
looks = st.fixed_dictionaries(
    {},
    optional={
        "view": st.sampled_from(["regions", "class", "surface", "threshold"]),
        "class": st.integers(0, 2), "threshold": st.floats(0.1, 0.9), "rings": st.booleans(),
        "unit": units, "probe": points, "points": st.sampled_from(["train", "none"]),
    },
)  # fmt: skip
pictures = {
    "picture": st.booleans(), "probe": st.none() | points, "since": st.none() | epochs,
    "health": st.booleans(), "predicted": st.booleans(), "unit": units, "steps": st.integers(0, 9),
    "network": st.sampled_from([None, [[0, 2], [0, 2], [0, 2]], [[0, 2], [0, 2]]]),
    "space": st.sampled_from([None, [0, 0, 1], [1, 0, 1]]), "threshold": st.floats(0.1, 0.9),
    "compared": st.sampled_from([None, "a", "b"]), "known": st.sampled_from([[], [["", 3]]]),
    "starts": st.sampled_from([None, None, *COUNTS]), "varied": st.sampled_from([*VARIED]),
}  # fmt: skip
exports = st.one_of(
    [
        st.fixed_dictionaries(
            {"op": st.just("export"), "what": st.just(name)},
            optional={
                "look": looks, "epoch": st.none() | epochs, "text": text, "caption": text,
                "theme": st.sampled_from(["light", "dark"]), "size": st.just([200, 200]),
                "picture": st.sampled_from(["boundary", "probabilities", "network"]),
            },
        )
        for name in EXPORTS
    ]
)  # fmt: skip


def operation(name, required=None, **optional):
    fields = {"op": st.just(name), "id": st.integers(0, 9) | text, **(required or {})}
    return st.fixed_dictionaries(fields, optional={**pictures, **optional})


requests = st.one_of(
    operation("open", {"recipe": recipes | links}),
    operation("frame", epochs=epochs, epoch=epochs),
    operation("seek", {"epoch": epochs}, onward=st.booleans()),
    operation(
        "edit", {"field": st.sampled_from(["l2", "batch_size", "optimiser", "weight", "points"])},
        value=st.sampled_from([0.1, 3, "adam", None, "3", "99_1_0.5_-0.2~3_0_1_1", [[99, 1]]]),
        at=st.sampled_from([None, [0, 0, 0]]), epoch=epochs,
    ),
    st.fixed_dictionaries(
        {"op": st.just("compare"), "key": st.sampled_from(["a", "b"]),
         "beside": st.lists(st.fixed_dictionaries({"recipe": recipes}), max_size=4)},
    ),
    st.fixed_dictionaries(
        {"op": st.just("detail"), "size": st.just([9, 7]), "first": st.integers(0, 8)},
        optional={"unit": units, "space": pictures["space"], "threshold": st.floats(0.1, 0.9)},
    ),
    exports,
)  # fmt: skip


def png(*sides):
    file = io.BytesIO()
    Image.new("RGBA", sides).save(file, "PNG")
    return file.getvalue()


LAYERS = st.sampled_from([png(160, 160), png(240, 220), png(240, 220)[:-30], b"", None, "png"])
animations = st.fixed_dictionaries(
    {
        "recipe": recipes, "format": st.sampled_from([*FORMATS, "avi"]),
        "size": st.sampled_from([[160, 160], [240, 220]]),
        "first": st.integers(0, 12), "last": st.integers(0, 12), "count": st.integers(1, 3),
    },
    optional={"layer": LAYERS, "look": looks, "fps": st.integers(0, 60), "caption": st.booleans()},
)  # fmt: skip
# where garbage goes: a name of a field, or of a field of its recipe or look
PLACES = st.sampled_from(
    [
        *(("", name) for record in OPERATIONS.values() for name in record.fields),
        *(("", name) for name in ("op", "id", "what", "look", "size", "text", "caption", "layer")),
        *(("recipe", name) for name in (*FIELDS, "nonsense")),
        *(("look", name) for name in (*LOOK_FIELDS, "nonsense")),
    ]
)


def spoilt(request, place, value):
    """The request with a value in one place."""
    inside, name = place
    if inside:
        part = request.get(inside)
        return request | {inside: {**(part if isinstance(part, dict) else {}), name: value}}
    return request | {name: value}


# --- the fuzzer -----------------------------------------------------------------------


class Fuzzer(RuleBasedStateMachine):
    """A session that is asked anything, with the studio beside it."""

    @initialize(recipe=recipes)
    def start(self, recipe):
        self.session = LiveSession(lambda: 0.0)
        self.handle({"op": "open", "recipe": recipe, "picture": False})

    @rule(request=requests)
    def valid(self, request):
        self.handle(request)

    @rule(request=requests, place=PLACES, value=garbage)
    def almost_valid(self, request, place, value):
        self.handle(spoilt(request, place, value))

    @rule(message=garbage.map(json.dumps) | st.text(st.characters(exclude_categories=())))
    def nonsense(self, message):
        self.handle(message)

    @rule(message=st.binary() | st.text('[]{}":,0123456789eE+-.truefalsnNIiy\\ud8', max_size=40))
    def what_looks_like_json(self, message):
        self.handle(message)

    @rule(request=animations)
    def animation(self, request):
        self.animate(request)

    @rule(request=animations, place=PLACES, value=garbage)
    def almost_an_animation(self, request, place, value):
        self.animate(spoilt(request, place, value))

    @rule(message=garbage.map(json.dumps) | st.text() | st.binary())
    def nonsense_for_the_studio(self, message):
        self.animate(message)

    def handle(self, message):
        """The reply as a browser parses it, with strict JSON."""
        sent = message if isinstance(message, (str, bytes)) else json.dumps(message)
        before, recipe = self.place, self.recipe
        header, arrays = unpack(self.session.handle(sent))
        assert header["type"] in ("opened", "frame", "compared", "detail", "error", "exported")
        if header["type"] == "error":
            assert header["message"]
            assert not arrays
            assert self.place == before or names_epoch(message)  # the run goes there first
            assert self.recipe == recipe
        json.dumps(header, allow_nan=False)
        values = {name: value for name, value in header.items() if name != "id"}  # as it came
        json.dumps(values, ensure_ascii=False).encode()
        most = FILE if header["type"] == "exported" else 2 * len(sent) + FRAME
        assert len(plain(header, arrays)) <= most

    @property
    def recipe(self):
        return self.session._trainer and self.session._trainer.recipe

    @property
    def place(self):
        return self.session._trainer and self.session._trainer.epoch

    def animate(self, request):
        header, file = answer(request, lambda done, of: None)
        assert ("problem" in header) is not bool(file)
        json.dumps(header, ensure_ascii=False).encode()
        assert len(json.dumps(header)) < 20_000
        assert len(file) <= 2 * FILE  # Plotly is part of a page


def names_epoch(message):
    return isinstance(message, dict) and message.get("epoch") is not None


def run(steps):
    run_state_machine_as_test(
        Fuzzer,
        settings=settings(
            max_examples=max(1, steps // AT_ONCE), stateful_step_count=AT_ONCE, deadline=None,
            suppress_health_check=list(HealthCheck), database=None, phases=[Phase.generate],
        ),
    )  # fmt: skip


def export_all():
    session = LiveSession()
    session.handle({"op": "open", "recipe": {"samples": 20}})
    for what in EXPORTS:
        session.handle({"op": "export", "what": what, "text": "text"})


def objects():
    """Objects in all, those of our classes, and runs."""
    gc.collect()
    found = gc.get_objects()
    own = [each for each in found if str(type(each).__module__).startswith("nnviz")]
    return len(found), len(own), sum(isinstance(each, (LiveSession, Trainer)) for each in own)


def test_whatever_is_asked_gets_an_answer_within_its_bound_and_nothing_is_left_over():
    *_, runs = objects()  # of other tests
    export_all()  # imports
    run(STEPS // 5)  # caches
    before, own, _ = objects()
    run(STEPS)
    after, own_after, runs_after = objects()
    assert runs_after <= runs
    assert own_after - own < OWN_OBJECTS
    assert after - before < NEW_OBJECTS
