"""A minimal model of the stage: applies the page's messages by number and reports user actions.

The real one is JavaScript. Both can be driven through the same few methods: :meth:`receive`,
what people do on the stage, and :meth:`report`.
"""

import json
from dataclasses import replace

from nnviz import Edit, Recipe
from nnviz.recipe.recipe import LAST_EPOCH, LIVE_FIELDS


class StageModel:
    def __init__(self):
        self.page = None  # the page session that it belongs to
        self.applied = 0  # number of the last page message applied
        self.number = 0  # its own count of reports
        self.heard = 0  # number of its last report that the page has applied
        self.recipe = None
        self.epoch = 0
        self.sample = None
        self.pin = None  # a point that is no training point
        self.experiment = None

    # --- from the page ----------------------------------------------------------------

    def receive(self, data):
        if self.page is None:
            self.page, self.number = data["page"], data["heard"]
        if data["page"] != self.page:
            return  # of a restarted server, which must receive a report of this run first
        self.heard = max(self.heard, data["heard"])
        if self.experiment and self.experiment["number"] <= self.heard:
            self.experiment = None
        if data["number"] <= self.applied:
            return
        if data["opened"]["number"] > self.applied:
            self._open(data["opened"])
        changed = {name for name, number in data["changed"].items() if number > self.applied}
        if "sample" in changed or (self.sample is None and self.pin is None):
            self.sample, self.pin = data["sample"], None
        settings = Recipe.from_json(data["recipe"]).folded()
        self._change({name: getattr(settings, name) for name in changed - {"sample"}})
        self.applied = data["number"]
        self.number += 1

    def _open(self, opened):
        recipe, epoch = Recipe.from_json(opened["recipe"]), opened["epoch"]
        if epoch is None and self.recipe and recipe.goes_on_from(self.recipe):
            self._change({name: getattr(recipe.folded(), name) for name in LIVE_FIELDS})
        else:
            self._start(recipe, epoch or 0)

    def _start(self, recipe, epoch=0):
        self.recipe, self.epoch = recipe, epoch

    def _change(self, values):
        """Add edits at the current epoch; this drops later edits, so their values are set again."""
        settings = replace(self.recipe.folded(), **values)
        if not settings.goes_on_from(self.recipe):
            return self._start(settings)
        if settings == self.recipe.folded():
            return None
        edits = [edit for edit in self.recipe.edits if edit.epoch <= self.epoch]
        self.recipe = replace(self.recipe, edits=edits)
        for name in LIVE_FIELDS:
            value = getattr(settings, name)
            if self.recipe.settings_at(LAST_EPOCH)[name] != value:
                self.recipe = self.recipe.with_edit(Edit(self.epoch, name, value))
        return None

    # --- what people do on it -----------------------------------------------------------

    def train(self, epochs):
        self.epoch += epochs

    def renew(self):
        self._start(replace(self.recipe.folded(), seed=self.recipe.seed + 1))
        self.number += 1

    def reset(self):
        self._start(self.recipe.folded())
        self.number += 1

    def dial(self, field, value):
        self._change({field: value})
        self.number += 1

    def set_weight(self, value):
        self.recipe = self.recipe.with_edit(Edit(self.epoch, "weight", value, (0, 0, 0)))
        self.number += 1

    def remove_edit(self, index):
        edits = list(self.recipe.edits)
        del edits[index % len(edits)]
        self.recipe = replace(self.recipe, edits=edits)
        self.number += 1

    def pick(self, sample):
        self.sample, self.pin = sample, None
        self.number += 1

    def pin_at(self, point):
        self.sample, self.pin = None, point
        self.number += 1

    def drop(self, text):
        self.number += 1
        self.experiment = {"number": self.number, "text": text}

    def restart(self):
        """Restart the server, which does not affect this model."""

    # --- to the page --------------------------------------------------------------------

    @property
    def has_news(self):
        """Whether the last report must be repeated."""
        return self.number > self.heard

    def report(self):
        return {
            "page": self.page, "heard": self.applied, "number": self.number,
            "recipe": json.loads(self.recipe.to_json()), "epoch": self.epoch,
            "sample": self.sample, "point": self.pin, "experiment": self.experiment,
        }  # fmt: skip
