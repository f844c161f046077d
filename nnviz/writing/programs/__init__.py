"""Programs: a run as a short script that makes it again on the reader's own machine.

Every flavour makes the same points, first weights and shuffles, and leaves the same names:
``losses`` and ``test_losses`` (a mean an epoch, from 0, untrained, on; no test part leaves
``test_losses`` empty), ``weights`` (one ``(n_in + 1, n_out)`` matrix a layer, biases in row 0)
and ``predict_proba(points)``, from raw points ``(n, 2)`` to ``(n, n_classes)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...recipe.kinds import Choice, Integer
from ...recipe.recipe import LAST_EPOCH, Recipe
from . import numpy_script, sklearn_script, torch_script
from .header import header
from .plan import NotExpressible, ProgramPlan

__all__ = ["FLAVOURS", "Flavour", "NotExpressible", "differences", "program"]


@dataclass(frozen=True)
class Flavour:
    """One way to write a program.

    ``needs`` says what to install. ``write(plan)`` gives the script without its header, or
    raises :class:`NotExpressible`; ``differences(plan)`` says what is not as in our own run.
    """

    name: str
    label: str
    needs: str
    packages: tuple[str, ...]  # as pip knows them, besides what the data needs
    write: Callable[[ProgramPlan], str]
    differences: Callable[[ProgramPlan], list[str]]


FLAVOURS: dict[str, Flavour] = {
    record.name: record
    for record in (
        Flavour(
            "numpy", "NumPy", "NumPy; scikit-learn for the data sets that come from it",
            ("numpy",), numpy_script.write, numpy_script.differences,
        ),
        Flavour(
            "sklearn", "scikit-learn", "scikit-learn",
            ("numpy", "scikit-learn"), sklearn_script.write, sklearn_script.differences,
        ),
        Flavour(
            "torch", "PyTorch", "PyTorch; scikit-learn for the data sets that come from it",
            ("numpy", "torch"), torch_script.write, torch_script.differences,
        ),
    )
}  # fmt: skip

_FLAVOUR = Choice(default="numpy", table=FLAVOURS, label="Flavour", help="")
_EPOCH = Integer(default=0, low=0, high=LAST_EPOCH, label="Epoch", help="")


def program(recipe: Recipe, epoch: int, flavour: str) -> str:
    """A script that trains ``recipe``, edits included, up to ``epoch``.

    For an epoch the run really reaches: where it has diverged before, so does the script.
    Raises ``ValueError`` for an unknown flavour or an epoch out of range, and
    :class:`NotExpressible` where this flavour cannot do what the recipe asks for.
    """
    chosen, plan = _asked_for(recipe, epoch, flavour)
    body = chosen.write(plan)
    return header(plan, chosen.label, chosen.packages, chosen.differences(plan), body) + body


def differences(recipe: Recipe, epoch: int, flavour: str) -> list[str]:
    """What :func:`program` does otherwise than our own run, in sentences; empty for nothing.

    Rounding is left aside, though a run that jumps about can make much of it. Raises as
    :func:`program` does.
    """
    chosen, plan = _asked_for(recipe, epoch, flavour)
    chosen.write(plan)  # where it cannot be expressed there is nothing to compare
    return chosen.differences(plan)


def _asked_for(recipe: Recipe, epoch: int, flavour: str) -> tuple[Flavour, ProgramPlan]:
    chosen = FLAVOURS[_FLAVOUR.check("flavour", flavour)]
    return chosen, ProgramPlan.of(recipe, _EPOCH.check("epoch", epoch))
