"""Source text for points that are drawn, moved and erased during the run."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from ...choices.outputs import OUTPUTS
from ...recipe.strokes import Mark, marks_of
from .plan import Change, ProgramPlan

WIDTH = 84


def draw_function(plan: ProgramPlan, inputs: str, targets: str) -> Iterator[str]:
    """``draw(marks)``, which returns inputs and targets, and the strokes before the first epoch.

    ``inputs`` and ``targets`` are expressions in ``points`` and ``labels`` of a part.
    """
    if not plan.strokes:
        return
    in_test = f"set(range(len(train), {plan.n_train + plan.n_test}))" if plan.n_test else "set()"
    new = sorted(plan.drawn_in_test)
    yield "# --- points drawn during the run, by number; those of the start come first"
    yield "order = np.concatenate([train, test])" if plan.has_test else "order = train"
    yield "drawn = dict(enumerate(zip(labels[order], points[order])))"
    yield f"in_test = {in_test}" + (f" | {{{', '.join(map(str, new))}}}" if new else "")
    yield ""
    yield ""
    yield "def draw(marks):"
    yield '    """Set points to (class, x1, x2), or erase them (None); returns the samples."""'
    yield "    for number, mark in marks.items():"
    yield "        if mark is None:"
    yield "            drawn.pop(number, None)"
    yield "        else:"
    yield "            drawn[number] = mark[0], np.array(mark[1:])"
    yield "    found = []"
    yield "    for tested in (False, True):"
    yield "        part = [drawn[i] for i in sorted(drawn) if (i in in_test) == tested]"
    yield "        labels = np.array([label for label, _ in part], dtype=int)"
    yield "        points = np.array([point for _, point in part]).reshape(-1, 2)"
    yield f"        found += [{inputs}, {targets}]"
    yield "    return found"
    yield ""
    yield ""
    if plan.start_stroke:
        yield from _call(plan, plan.start_stroke)
        yield ""


def targets_in_columns(plan: ProgramPlan) -> str:
    """The targets of ``labels`` in NumPy, one column a sample."""
    one_unit = OUTPUTS[plan.recipe.output].one_unit
    return "labels[None, :]" if one_unit else f"np.eye({plan.recipe.n_classes})[labels].T"


def change(plan: ProgramPlan, of: Change) -> Iterator[str]:
    """The statements for the strokes of one epoch."""
    if of.stroke:
        yield from _call(plan, of.stroke)
        if plan.in_batches and plan.recipe.settings_at(of.epoch)["batch_size"] is None:
            yield "batch_size = n"


def _call(plan: ProgramPlan, stroke: str) -> Iterator[str]:
    yield "x, y, x_test, y_test = draw({"
    marks = ", ".join(map(_written, marks_of(stroke)))
    yield from (f"    {line}" for line in wrap(marks, WIDTH, break_long_words=False))
    yield "})"
    if plan.in_batches:
        yield "n = x.shape[1]"


def _written(mark: Mark) -> str:
    if mark.place is None:
        return f"{mark.number}: None"
    return f"{mark.number}: ({mark.class_index}, {mark.place[0]!r}, {mark.place[1]!r})"
