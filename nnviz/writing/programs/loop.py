"""Source text of the loop over epochs, the same in all flavours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from textwrap import indent

from ...training.trainer import SHUFFLE
from .data import weight
from .plan import Change, ProgramPlan

LINES = 10  # approximate number of lines that a program prints


def loop(
    plan: ProgramPlan, train: Iterable[str], change: Callable[[Change], Iterable[str]]
) -> Iterator[str]:
    """In every epoch train, apply edits, and record losses; ``change`` writes changes of settings.

    The program must define ``evaluate(x, y)``, which returns mean loss and accuracy.
    """
    comment = "at the end of every epoch; epoch 0 is before training"
    yield f"losses, test_losses = [], []  # {comment}"
    yield f'print("{_title(plan)}")'
    if not plan.last:
        yield from _record(plan, "0")
        return
    yield f"for epoch in range({plan.last + 1}):"
    yield "    if epoch > 0 and x.shape[1]:" if plan.has_gaps else "    if epoch > 0:"
    yield from _in(8, train)
    word = "if"
    for each in plan.changes:
        lines = [*change(each), *(weight(edit.at, edit.value) for edit in each.weights)]
        if lines:  # plain SGD, for one, has no memory to clear
            yield f"    {word} epoch == {each.epoch}:"
            yield from _in(8, lines)
            word = "elif"
    yield from _in(4, _record(plan, "epoch"))


def over_batches(plan: ProgramPlan, step: Callable[[str, str], Iterable[str]]) -> Iterator[str]:
    """The steps of one epoch; ``step`` takes the name of a batch's indices, "" for all samples,
    and its number of samples."""
    if not plan.in_batches:
        yield from step("", "n")
        return
    seeds = f"({plan.recipe.seed}, {SHUFFLE}, epoch - 1)"
    yield f"rng = np.random.default_rng({seeds})  # another shuffle in every epoch"
    yield "order = rng.permutation(n)"
    yield "for start in range(0, n, batch_size):"
    yield "    batch = order[start : start + batch_size]"
    yield from _in(4, step("batch", "len(batch)"))


def _title(plan: ProgramPlan) -> str:
    return "epoch      loss  accuracy" + ("  test loss  accuracy" if plan.has_test else "")


def no_samples(plan: ProgramPlan) -> Iterator[str]:
    """The first statement of ``evaluate(x, y)`` where a part may be empty."""
    if plan.has_gaps:
        yield "    if not x.shape[1]:"
        yield "        return np.nan, np.nan  # no points"


def _record(plan: ProgramPlan, epoch: str) -> Iterator[str]:
    yield "loss, accuracy = evaluate(x, y)"
    yield "losses.append(loss)"
    shown = f"{{{epoch}:5}} {{loss:9.6f}} {{accuracy:9.1%}}"
    if plan.has_test:
        yield "test_loss, test_accuracy = evaluate(x_test, y_test)"
        yield "test_losses.append(test_loss)"
        shown += "  {test_loss:9.6f} {test_accuracy:9.1%}"
    line = f'print(f"{shown}")'
    if epoch == "0":
        yield line
        return
    every = _round_number(plan.last // LINES)
    end = "" if plan.last % every == 0 else f" or epoch == {plan.last}"
    yield f"if epoch % {every} == 0{end}:"
    yield f"    {line}"


def _round_number(most: int) -> int:
    """The largest of 1, 2, 5, 10, 20, … up to ``most``, and at least 1."""
    power = 10 ** (len(str(max(most, 1))) - 1)
    return max(step * power for step in (1, 2, 5) if step * power <= max(most, 1))


def _in(spaces: int, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield indent(line, " " * spaces)
