"""Programs: a run as a short script that repeats it on the reader's machine.

Every flavour makes the same points, initial weights and shuffles, and defines the same names:
``losses`` and ``test_losses`` (one mean per epoch, from epoch 0; ``test_losses`` is empty without a
test part), ``weights`` (one ``(n_in + 1, n_out)`` matrix per layer, biases in row 0) and
``predict_proba(points)``, from raw points ``(n, 2)`` to ``(n, n_classes)``.
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
    """A library to write programs for.

    ``needs`` describes what to install. ``write(plan)`` returns the script without its header, or
    raises :class:`NotExpressible`; ``differences(plan)`` returns sentences on how the script's run
    differs from nnviz's.
    """

    name: str
    label: str
    needs: str
    packages: tuple[str, ...]  # names for pip, without those that only the data needs
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
    """A script that trains ``recipe``, including its edits, up to ``epoch``.

    If the run diverges before ``epoch``, so does the script. Raises ``ValueError`` for an unknown
    flavour or an epoch out of range, and :class:`NotExpressible` if this flavour lacks something
    that the recipe needs.
    """
    chosen, plan = _flavour_and_plan(recipe, epoch, flavour)
    body = chosen.write(plan)
    return header(plan, chosen.label, chosen.packages, chosen.differences(plan), body) + body


def differences(recipe: Recipe, epoch: int, flavour: str) -> list[str]:
    """Sentences on how the run of :func:`program` differs from nnviz's; empty if it does not.

    Rounding is not mentioned, though an unstable run can amplify it. Raises as :func:`program`.
    """
    chosen, plan = _flavour_and_plan(recipe, epoch, flavour)
    chosen.write(plan)  # raises NotExpressible
    return chosen.differences(plan)


def _flavour_and_plan(recipe: Recipe, epoch: int, flavour: str) -> tuple[Flavour, ProgramPlan]:
    chosen = FLAVOURS[_FLAVOUR.check("flavour", flavour)]
    return chosen, ProgramPlan.of(recipe, _EPOCH.check("epoch", epoch))
