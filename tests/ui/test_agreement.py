"""Page and stage as state machines over a channel that drops, delays, reorders and repeats.

After any actions on both sides, once all messages are delivered, page, stage and URL agree. Every
field has the value of the user's last change on either side; if both sides changed it at the same
time, it has the page's value.
"""

import hashlib
import json
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from nnviz import Recipe
from nnviz.live.codec import unpack
from nnviz.live.session import LiveSession
from nnviz.recipe.form import FORM_FIELDS
from nnviz.recipe.look import Look
from nnviz.recipe.moment import Moment
from nnviz.recipe.recipe import FIELDS
from nnviz.ui.observation import Observation, updated
from nnviz.ui.state import SAMPLE, visited
from tests.ui.real_stage import RealStage
from tests.ui.stage_model import StageModel

STEPS = 60
EXAMPLES = 250

WIDGETS = {
    "noise": (0.0, 0.1, 0.25),
    "samples": (40, 200),
    "data": ("circles", "moons", "blobs", "spirals", "iris"),
    "classes": (2, 3),
    "feature_1": ("petal length (cm)", "petal width (cm)", "sepal width (cm)"),
    "inputs": (("x1",), ("x1", "x2sq"), ()),
    "layers": (0, 1, 2),
    "units_1": (3, 10),
    "output": ("softmax", "sigmoid", "step"),
    "seed": (0, 1, 5),
    "optimiser": ("sgd", "adam"),
}
DIALS = {"learning_rate": (0.1, 0.5), "l2": (0.0, 0.01, 0.1), "batch_size": (None, 5)}
LINKS = [
    Moment(Recipe()),
    Moment(Recipe(l2=0.1, seed=3)),
    Moment(Recipe(data="moons", edits=[[5, "l2", 0.1], [9, "weight", 1.5, [0, 1, 0]]]), 12),
    Moment(Recipe(data="iris", hidden=[4]), 3, Look(probe=(0.5, 1.5))),
    Moment(Recipe(output="step", hidden=[])),
]
links = st.integers(0, len(LINKS) - 1)
steps = count()


class PageAndStage(RuleBasedStateMachine):
    make_stage = StageModel

    def __init__(self):
        super().__init__()
        self.sessions, self.tries = count(), count(1)
        self.stage = self.make_stage()
        self.to_stage, self.to_page = [], []
        names = [*FORM_FIELDS, SAMPLE]
        self.changes = {name: [] for name in names}  # on the page: number, value
        self.stage_changes = {name: [] for name in names}  # number it had applied, value

    @initialize(link=links, bare=st.booleans())
    def visit(self, link, bare):
        self.history = [self.params_of(LINKS[link], bare)]
        self.state = visited(f"session{next(self.sessions)}", self.history[0])
        self.widget = self.state.points[-1]
        self.changes[SAMPLE].append((1, self.widget))
        self.note_page(None)
        self.send()

    # --- the page ---------------------------------------------------------------------

    def run_page(self, is_behind=False, **seen):
        """One run of the page's script; the browser shows everything that the last run wrote.

        One that ``is_behind`` still shows an older training point.
        """
        before = self.state
        if not is_behind:
            self.widget = before.points[-1]
        self.widget = seen.get("point", self.widget)
        self.state = updated(before, Observation(**{
            "params": before.urls[-1], "values": before.values, "panel": before.panel,
            "point": self.widget, **seen,
        }))  # fmt: skip
        if self.state.params != self.history[-1]:
            self.history.append(self.state.params)
        return before

    def note_page(self, before):
        """Record the user's changes; opening another run changes every field."""
        is_opened = before is None or before.opened != self.state.opened
        for name in FORM_FIELDS:
            value = getattr(self.state.requested, name)
            if is_opened or getattr(before.requested, name) != value:
                self.changes[name].append((self.state.number, value))

    def send(self):
        panel = {"sample": self.point, "follow": self.state.panel is not None}
        self.to_stage.append(json.loads(json.dumps({**self.state.message(), **panel})))

    @property
    def point(self):
        return self.state.sample(10**6)

    @rule(change=st.sampled_from([(key, value) for key in WIDGETS for value in WIDGETS[key]]))
    def change_a_widget(self, change):
        key, value = change
        self.note_page(self.run_page(values={**self.state.values, key: value}))
        self.send()

    def params_of(self, moment, bare):
        """The query of a link, or that of its recipe alone."""
        return moment.recipe.to_params() if bare else moment.to_params()

    @rule(link=links, bare=st.booleans())
    def follow_a_link(self, link, bare):
        self.note_page(self.run_page(params=self.params_of(LINKS[link], bare)))
        self.send()

    @precondition(lambda self: len(self.history) > 1)
    @rule()
    def go_back(self):
        self.history.pop()
        self.note_page(self.run_page(params=self.history[-1]))
        self.send()

    @rule(point=st.integers(0, 30))
    def choose_a_point(self, point):
        before = self.run_page(point=point)
        if before.points[-1] != point:  # else nobody has typed anything
            self.changes[SAMPLE].append((self.state.number, point))
        self.send()

    @rule(panel=st.sampled_from([None, "maths", "gallery", "sweep"]))
    def change_the_panel(self, panel):
        self.run_page(panel=panel)
        self.send()

    @rule()
    def run_without_events(self):
        before = self.run_page()
        assert replace(self.state, urls=before.urls, replaced=before.replaced) == before
        self.send()

    # --- the stage ----------------------------------------------------------------------

    has_run = precondition(lambda self: self.stage.recipe is not None)

    def act(self, do):
        before = self.stage.recipe.folded()
        do()
        for name in FORM_FIELDS:
            value = getattr(self.stage.recipe.folded(), name)
            if value != getattr(before, name):
                self.stage_changes[name].append((self.stage.applied, value))
        self.to_page.append(self.stage.report())

    @has_run
    @rule(epochs=st.integers(1, 20))
    def train(self, epochs):
        self.stage.train(epochs)

    @has_run
    @rule()
    def renew(self):
        self.act(self.stage.renew)

    @has_run
    @rule()
    def reset(self):
        self.act(self.stage.reset)

    @has_run
    @rule(change=st.sampled_from([(name, value) for name in DIALS for value in DIALS[name]]))
    def turn_a_dial(self, change):
        self.act(lambda: self.stage.dial(*change))

    @has_run
    @rule(value=st.sampled_from([-1.0, 0.0, 2.5]))
    def set_a_weight(self, value):
        self.act(lambda: self.stage.set_weight(value))

    @precondition(lambda self: self.stage.recipe is not None and self.stage.recipe.edits)
    @rule(index=st.integers(0, 10))
    def remove_an_edit(self, index):
        self.act(lambda: self.stage.remove_edit(index))

    @has_run
    @rule(sample=st.integers(0, 30))
    def pick(self, sample):
        self.act(lambda: self.stage.pick(sample))
        self.stage_changes[SAMPLE].append((self.stage.applied, sample))

    @has_run
    @rule(point=st.sampled_from([[0.25, -0.5], [1.5, 4.0]]))
    def pin(self, point):
        self.act(lambda: self.stage.pin_at(point))
        self.stage_changes[SAMPLE].append(
            (self.stage.applied, None)
        )  # the page may hear of no other

    @has_run
    @rule(file=st.integers(0, len(LINKS)))
    def drop_a_file(self, file):
        """One of the links as a file, or an invalid file."""
        text = LINKS[file].to_json() if file < len(LINKS) else '{"a": "\\ud800"}'
        self.act(lambda: self.stage.drop(text))

    # --- the channel --------------------------------------------------------------------

    def recent(self, index, messages):
        """The index of one of the last four messages."""
        return -1 - index % min(len(messages), 4)

    @precondition(lambda self: self.to_stage)
    @rule(index=st.integers(0, 10**6), again=st.booleans())
    def deliver_to_the_stage(self, index, again):
        index = self.recent(index, self.to_stage)
        data = self.to_stage[index] if again else self.to_stage.pop(index)
        number = self.stage.number
        self.stage.receive(data)
        if self.stage.number > number:
            self.to_page.append(self.stage.report())

    @precondition(lambda self: self.to_page)
    @rule(index=st.integers(0, 10**6), again=st.booleans(), is_behind=st.booleans())
    def deliver_to_the_page(self, index, again, is_behind):
        index = self.recent(index, self.to_page)
        self.apply_report(self.to_page[index] if again else self.to_page.pop(index), is_behind)

    def apply_report(self, report, is_behind=False):
        report = {**report, "tries": next(self.tries)}
        before = self.run_page(is_behind, report=report)
        if before.page != self.state.page:  # resumed: the stage does not know the earlier changes
            for name in FORM_FIELDS:
                self.changes[name] = [(0, getattr(self.stage.recipe.folded(), name))]
                self.stage_changes[name] = []
            self.changes[SAMPLE], self.stage_changes[SAMPLE] = [(0, self.state.points[-1])], []
        if self.state.experiment != before.experiment and not self.state.problems:
            self.note_page(None)  # a file was opened
        self.send()

    @precondition(lambda self: self.to_stage)
    @rule(index=st.integers(0, 10**6))
    def lose_a_message_of_the_page(self, index):
        self.to_stage.pop(index % len(self.to_stage))

    @precondition(lambda self: self.to_page)
    @rule(index=st.integers(0, 10**6))
    def lose_a_report_of_the_stage(self, index):
        self.to_page.pop(index % len(self.to_page))

    @has_run
    @rule()
    def restart_the_server(self):
        """The browser opens its page again and sends the last report of its stage."""
        self.to_stage, self.to_page = [], []
        self.stage.restart()
        self.state = visited(f"session{next(self.sessions)}", self.state.params)
        self.send()
        self.apply_report(self.stage.report())

    # --- what holds ---------------------------------------------------------------------

    @invariant()
    def the_url_is_that_of_the_run(self):
        next(steps)
        if hasattr(self, "state"):
            assert self.state.urls[-1] == self.state.params
            assert Moment.from_query(self.state.params).recipe == self.state.recipe
            json.dumps(self.state.message()).encode()

    def teardown(self):
        if not hasattr(self, "state"):
            return
        for data in self.to_stage:
            self.stage.receive(data)
        for report in self.to_page:
            self.apply_report(report)
        for _ in range(6):  # rounds until neither side changes anything
            self.send()
            self.stage.receive(self.to_stage[-1])
            self.apply_report(self.stage.report())
        self.stage.receive(self.to_stage[-1])
        assert not self.stage.has_news
        assert self.stage.applied == self.state.number
        self.agree()

    def agree(self):
        assert self.state.recipe == self.stage.recipe
        assert self.state.params in (
            self.stage.recipe.to_params(),
            self.state.opened.moment.to_params(),
        )
        # the stage need not report changes that the page has made
        assert all(number <= self.stage.applied for number in self.state.changed.values())
        if self.state.panel is not None:
            assert self.stage.sample in (None, self.point)
            assert self.state.pin == (self.stage.pin and tuple(self.stage.pin))
        for name in FORM_FIELDS:
            assert getattr(self.state.requested, name) == self.last(name), name
        if self.make_stage is StageModel:  # the real one forgets points that other data lack
            assert self.last(SAMPLE) in (None, self.state.points[-1])

    def last(self, name):
        number, value = self.changes[name][-1]
        later = [there for applied, there in self.stage_changes[name] if applied >= number]
        return later[-1] if later else value


SETTINGS = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, print_blob=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # no shrinking, which would take minutes
)  # fmt: skip


class PageAndRealStage(PageAndStage):
    make_stage = RealStage

    def agree(self):
        """A server session and the picture shown agree with recipe and epoch too."""
        super().agree()
        if self.stage.recipe is None:
            return
        session, fresh = LiveSession(), LiveSession()
        self.stage.rest_with(session)
        recipe, epoch = Moment.from_query(self.state.params).recipe, self.stage.epoch
        header, _ = unpack(session.handle({"op": "frame", "picture": False}))
        assert header.get("epoch") == epoch, header
        fresh.handle({"op": "open", "recipe": json.loads(recipe.to_json())})
        arrays = {}
        while "planes" not in arrays:  # one request trains a limited number of epochs
            _, arrays = unpack(fresh.handle({"op": "seek", "epoch": epoch}))
        planes = hashlib.sha256(arrays["planes"].tobytes()).hexdigest()
        assert self.stage.picture() == {"epoch": epoch, "planes": planes}


@pytest.fixture
def _a_stage():
    yield
    RealStage.close()


def test_page_and_model_agree():  # fewer, as the real stage takes the same walks below
    run_state_machine_as_test(PageAndStage, settings=settings(SETTINGS, max_examples=80))


@pytest.mark.usefixtures("_a_stage")
def test_page_and_stage_agree():
    before = next(steps)
    run_state_machine_as_test(PageAndRealStage, settings=SETTINGS)
    assert next(steps) - before >= 10_000


def test_every_field_can_be_compared():
    assert set(FORM_FIELDS) == set(FIELDS) - {"edits"}
