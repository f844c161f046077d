"""The sweep panel: the form of a sweep, and what its runs show, as items of a panel.

Runs are trained in web workers of their own (``nnviz/stage/transport/sweepers.js``), which the page
starts, pauses and stops. What is kept here can be thrown away: the page has the order and all
outcomes, and sends them again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...notation import counted
from ...problems import RecipeError
from ...recipe.form import Group, Widget
from ...recipe.look import LOOK_FIELDS
from ...recipe.moment import EPOCH
from ...recipe.recipe import FIELDS, Recipe
from ...sweeps import chosen as texts
from ...sweeps import estimate, markup
from ...sweeps.chosen import HELP, LABELS, Chosen, offered
from ...sweeps.errors import SweepError
from ...sweeps.offers import READY_MADE, values_for
from ...sweeps.pictures import FIGURES
from ...sweeps.plan import Plan
from ...sweeps.portrait import Portrait
from ...sweeps.report import report, shown_runs
from ...sweeps.results import FORMATS
from ...sweeps.summary import Summary, summary_so_far
from ...ui.escaping import escape_markdown
from ...ui.state import PageState
from . import sweeper
from .rich_text import html, mathml
from .sidebar import group_json, value_chosen

MOST_RUNS, MOST_BYTES = 3000, 10_000_000  # that are kept in the tab, each with its recipe
MOST_PICTURES = 300
MOST_CELLS = 3000
MOST_REDRAWN = 25  # times that cells are drawn while a sweep runs

Item = dict[str, Any]

_FIELDS, _YES = "sweep_fields", "sweep_yes"  # widgets
_OPTIONAL = ("stop_loss", "stop_patience", "sample")  # texts, where nothing means none
_TYPED = {name: getattr(Chosen, name) for name in LABELS} | dict.fromkeys(_OPTIONAL, "")  # at first


class Sweeps:
    """The visitor's sweep.

    ``page`` is the address that links lead to, ``workers`` how many web workers train its runs,
    ``theme`` that of the page.
    """

    def __init__(self, page: str, workers: int, theme: str):
        self._page, self._workers, self._theme = page, workers, theme
        self._values: dict[str, Any] = {}  # of widgets that were changed
        self._widgets: dict[str, Widget] = {}  # as they are shown
        self._trial: Trial | None = None
        self._sweep: StartedSweep | None = None

    def take(self, message: Mapping[str, Any]) -> None:
        """Take ``changed`` widgets of the form, the state of the ``order`` under way, if any, or
        another ``theme``.
        """
        self._theme = message.get("theme", self._theme)
        for key, change in message.get("changed", {}).items():
            widget = self._widgets.get(key)
            value = _value(widget, change) if widget else None
            if value is not None:
                self._values[key] = value
        if "order" in message:
            order = message["order"]
            if order is None:
                self._sweep = None
            elif self._sweep is None or self._sweep.order != order:
                self._sweep = StartedSweep(order, self._page)
            if self._sweep:
                self._sweep.take(message)

    def file(self, message: Mapping[str, Any]) -> dict[str, str] | None:
        """The ``results`` so far as a file: their rows, ``csv``, or their report, ``html``.

        The report holds ``plotly``, its script, gzipped, in base64.
        """
        if not (self._sweep and self._sweep.has_results):
            return None
        is_report = message["results"] == "html"
        return self._sweep.report(message["plotly"]) if is_report else self._sweep.rows()

    def shown(self, state: PageState) -> tuple[list[Item], bool]:
        """The items of the panel, and whether more of it comes with the next message."""
        if self._sweep:
            return self._sweep.items(self._workers, self._theme), False
        items = [_text(texts.INTRODUCTION)]
        plans = {name: each.plan(self._page) for name, each in READY_MADE.items()}
        items.append(_buttons(*(
            (f"{each.label} {len(plans[name])} runs",
             _start(sweeper.order_ready_made(name), len(plans[name])))
            for name, each in READY_MADE.items()
        )))  # fmt: skip
        vary_texts, typed = self._typed(state)
        form = _form("sweep", tuple(self._widgets.values()))
        try:
            chosen = _chosen(state.requested, vary_texts, typed)
            vary, n_runs = chosen.read()
            chosen.check_size(n_runs, MOST_RUNS, MOST_BYTES)
            if self._trial is None or self._trial.chosen != chosen:
                self._trial = Trial(chosen, chosen.plan(vary, self._page))
        except (SweepError, RecipeError) as error:
            return [*items, form, _text(escape_markdown(str(error)), "warning")], False
        more, is_trying = self._confirmation(self._trial)
        return [*items, form, *more], is_trying

    def _typed(self, state: PageState) -> tuple[dict[str, str], dict[str, Any]]:
        """The values of the fields that vary, and what else is typed; sets the widgets for them."""
        names = offered(state.values)
        varied = self._values.get(_FIELDS, texts.FIRST)
        varied = tuple(name for name in names if name in varied)
        labels = tuple((name, FIELDS[name].label) for name in names)
        widgets = [Widget("", _FIELDS, "pills", texts.FIELDS, "", varied, labels)]
        vary = {}
        for name in varied:
            key = f"sweep_values_{name}"
            vary[name] = self._values.get(key, values_for(name, state.requested))
            label = texts.VALUES.format(label=FIELDS[name].label)
            widgets.append(_text_field(key, label, texts.SYNTAX, vary[name]))
        typed = {name: self._values.get(f"sweep_{name}", first) for name, first in _TYPED.items()}
        for name, value in typed.items():
            widget = _text_field(f"sweep_{name}", LABELS[name], HELP.get(name, ""), value)
            if name == "epoch":
                whole: dict[str, Any] = {"low": 0, "high": EPOCH.high, "step": 1, "whole": True}
                widget = replace(widget, kind="number", **whole)
            widgets.append(widget)
        self._widgets = {widget.key: widget for widget in widgets}
        return vary, typed

    def _confirmation(self, trial: Trial) -> tuple[list[Item], bool]:
        """How many runs there are, how long they take, and the button that starts them."""
        plan, items = trial.plan, []
        if plan.left_out_sentence:
            items.append(_text(escape_markdown(plan.left_out_sentence), "caption"))
        known, workers = counted(len(plan), "run"), min(self._workers, len(plan))
        of_run = trial.seconds()
        if of_run is None:
            items += [_text(f"**{known}**"), _text("Trying some of the runs …", "caption")]
            return items, True
        seconds = of_run * len(plan) / workers
        known = estimate.sentence(len(plan), seconds, workers, "web worker")
        items.append(_text(f"**{known}**"))
        is_large = estimate.is_large(len(plan), seconds)
        is_sure = not is_large or self._values.get(_YES, False)
        if is_large:
            label = f"Yes, start {estimate.bound()}"
            self._widgets[_YES] = Widget("", _YES, "toggle", label, "", is_sure)
            items.append(_form("sweep_yes", (self._widgets[_YES],)))
        start = ("Start", _start(sweeper.order_of(trial.chosen), len(plan)))
        items.append({**_buttons(start), "isOff": not is_sure})
        return items, False


class Trial:
    """A plan, and how long its runs take, found out run by run."""

    def __init__(self, chosen: Chosen, plan: Plan):
        self.chosen, self.plan = chosen, plan
        self._trials = estimate.trials(plan)
        self._seconds: list[float] = []
        self._is_over = False

    def seconds(self) -> float | None:
        """The mean of all trials; None before the last."""
        if not self._is_over:
            found = next(self._trials, None)
            self._is_over = found is None
            self._seconds += [] if found is None else [found]
        return sum(self._seconds) / len(self._seconds) if self._is_over else None


class StartedSweep:
    """A sweep that was started: its order, and the outcomes so far by the numbers of their runs."""

    def __init__(self, order: str, page: str):
        self.order, self.plan = order, sweeper.plan_of(order, page)
        self._runs = list(self.plan)
        self._outcomes: dict[int, tuple[dict[str, Any], Portrait]] = {}
        self._state: Mapping[str, Any] = {}
        self._drawn = -1  # outcomes in what follows
        self._theme = ""  # of it
        self._items: list[Item] = []

    def take(self, message: Mapping[str, Any]) -> None:
        """Take the ``state``, ``seconds``, a ``problem``, and new ``outcomes``."""
        self._state = message
        for number, row, portrait in map(sweeper.read_outcome, message["outcomes"]):
            self._outcomes[number] = self.plan.completed(row), portrait

    @property
    def is_over(self) -> bool:
        return self._state["state"] == "over"

    @property
    def has_results(self) -> bool:
        return bool(self._outcomes)

    def rows(self) -> dict[str, str]:
        form = FORMATS["csv"]
        lines = [form.line(row) for row, _ in self._outcomes.values()]
        text = form.head(self.plan.columns) + "".join(lines)
        return {"name": "sweep.csv", "mime": "text/csv", "text": text}

    def report(self, plotly: str) -> dict[str, str]:
        summary, drawn = self._summary()
        kept = {drawn[run].key: drawn[run] for run in shown_runs(summary)}
        text = report(summary, kept, plotly).decode()
        return {"name": "sweep.html", "mime": "text/html", "text": text}

    def items(self, workers: int, theme: str) -> list[Item]:
        items = [self._progress(workers), self._commands()]
        if problem := self._state.get("problem"):
            items.append(_text(escape_markdown(problem), "warning"))
        few = 0 if self.is_over else len(self.plan) // MOST_REDRAWN
        is_old = self._drawn < 0 or len(self._outcomes) > self._drawn + few or self.is_over
        if is_old or theme != self._theme:
            self._theme = theme
            self._items, self._drawn = list(self._of_runs()), len(self._outcomes)
        return [*items, *self._items]

    def _progress(self, workers: int) -> Item:
        done, total, state = len(self._outcomes), len(self.plan), self._state["state"]
        text = f"{self.plan.title}: {done} of {counted(total, 'run')}"
        if state == "running" and done:
            left = self._state["seconds"] / done * (total - done) / workers
            text += f", about {estimate.duration(left)} left"
        elif state == "running":
            text += ", Python is starting in the web workers"
        elif state == "paused":
            text += ", paused"
        elif done < total:
            text += ", stopped"
        return {"kind": "progress", "text": text, "share": done / total}

    def _commands(self) -> Item:
        if self.is_over:
            files = {"Results (.csv)": "csv", "Report (.html)": "html"} if self._outcomes else {}
            downloads = [(text, {"results": name}) for text, name in files.items()]
            return _buttons(("New sweep", _to_workers("forget")), *downloads)
        is_paused = self._state["state"] == "paused"
        text, do = ("Go on", "goOn") if is_paused else ("Pause", "pause")
        return _buttons((text, _to_workers(do)), ("Stop", _to_workers("stop")))

    def _of_runs(self) -> Iterator[Item]:
        if not self._outcomes:
            return
        summary, portraits = self._summary()
        yield _html(markup.about(summary))
        yield self._cells(summary, portraits)
        if self.is_over:
            yield from _charts(summary, portraits)
            yield {"kind": "heading", "text": "All runs"}
            yield _html(markup.table(summary))

    def _summary(self) -> tuple[Summary, dict[int, Portrait]]:
        """Of the runs so far, and their portraits by their places in it."""
        rows = [row for row, _ in self._outcomes.values()]
        recipes = [self._runs[number].recipe for number in self._outcomes]
        portraits = {i: portrait for i, (_, portrait) in enumerate(self._outcomes.values())}
        return summary_so_far(self.plan, recipes, rows), portraits

    def _cells(self, summary: Summary, portraits: Mapping[int, Portrait]) -> Item:
        """The boundaries over two fields; at the end the others of a cell too."""
        if markup.n_cells(summary) > MOST_CELLS:
            return _text(texts.MANY_CELLS.format(most=MOST_CELLS))
        shown = shown_runs(summary, MOST_PICTURES) if self.is_over else markup.fronts(summary)
        drawn = {run: portraits[run] for run in shown[:MOST_PICTURES]}
        return _html(markup.pictures(summary, drawn, self._theme))


def _charts(summary: Summary, portraits: Mapping[int, Portrait]) -> Iterator[Item]:
    """The report's figures; a click on a mark opens its run."""
    yield _text(markup.how_to_open(summary), "caption")
    shown = {run: portraits[run] for run in shown_runs(summary)}
    for record in FIGURES.values():
        if not record.on_page:
            continue
        yield {"kind": "heading", "text": record.label}
        figure = json.loads(record.draw(summary, shown).to_json())
        for axis in ("xaxis", "yaxis"):
            figure["layout"][axis].pop("gridcolor")  # the page has that of its theme
        alt = texts.ALT.format(label=record.label)
        yield {"kind": "axes" if record.has_axes else "figure", "figure": figure, "alt": alt}
        if record.has_axes:
            yield _text(texts.AXES, "caption")
        if record.name == "shares":
            yield {"kind": "formula", "html": mathml(markup.SHARE)}


def _value(widget: Widget, change: Any) -> Any:
    """The value of a widget after a change; None for a change that cannot come from it."""
    if widget.kind == "text":
        return change if isinstance(change, str) and len(change) <= texts.MOST_TYPED else None
    return value_chosen(widget, change)


def _chosen(recipe: Recipe, vary: Mapping[str, str], typed: Mapping[str, Any]) -> Chosen:
    """What is chosen in the form; raises :class:`RecipeError` for invalid rules to stop."""
    rules = {
        name: LOOK_FIELDS[name].read(typed[name].strip() or "none")
        for name in ("stop_loss", "stop_patience")
    }
    return Chosen(recipe, vary, **{**typed, **rules, "sample": _whole(typed["sample"])})


def _whole(text: str) -> int | None:
    """A number of combinations; None for all of them."""
    if not text.strip():
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _text_field(key: str, label: str, markdown: str, value: Any) -> Widget:
    return Widget("", key, "text", label, markdown.replace("`", ""), value)


def _form(key: str, widgets: tuple[Widget, ...]) -> Item:
    return {"kind": "form", "key": key, "groups": [group_json(Group("", widgets), False)]}


def _start(order: str, total: int) -> Item:
    return _to_workers("start", order=order, total=total)


def _to_workers(do: str, **more: Any) -> Item:
    """A command of ``sweepers.js``."""
    return {"sweepers": {"do": do, **more}}


def _buttons(*buttons: tuple[str, Item]) -> Item:
    made = [{"text": text, "message": message} for text, message in buttons]
    return {"kind": "buttons", "buttons": made, "isOff": False}


def _html(text: str) -> Item:
    return {"kind": "html", "html": text}


def _text(markdown: str, role: str = "text") -> Item:
    return {"kind": "text", "role": role, "html": html(markdown)}
