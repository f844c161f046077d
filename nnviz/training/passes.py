"""Which forward and backward passes an epoch makes over all samples, and where they write."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..choices.activations import ACTIVATIONS
from ..choices.outputs import OUTPUTS, Output
from .network import SMALL, Pass, aligned

Array = NDArray[Any]

EVEN = 16  # columns; BLAS works in blocks of some such number, and rounds odd ones otherwise
BLOCK = 128  # columns
_BLOCKS = ((BLOCK, BLOCK), (BLOCK, None), (None, None))  # of samples learnt from, and of others
WORTH_A_PASS = 8_000  # outputs of a layer for samples that are only evaluated
MOST_TRIED = 5_000  # samples for which plans are compared
SamplesOfPass = tuple[int, int, int | None]  # first sample, the one after the last, block
PassPlan = list[SamplesOfPass]


class SamplePass:
    """A pass over some of the samples, its inputs, and room for what it leaves in each epoch."""

    def __init__(self, run: Pass, inputs: Array, longest: int):
        self._run, self.inputs = run, np.ascontiguousarray(inputs)
        self.recorded = aligned((longest, 2, *run.logits.shape))  # logits and outputs
        self._buffers = [run.buffers_in(room) for room in self.recorded]
        self.share, self.backward = run.share, run.backward

    def forward(self, weights: list[Array]) -> None:
        self._run.forward(weights, self.inputs)

    def write_to(self, epoch: int) -> None:
        """Which row of ``recorded`` the next forward pass is for."""
        self._run.write_to(self._buffers[epoch])

    @property
    def n_wrong(self) -> int:
        return self._run.n_wrong

    @property
    def latest(self) -> Array:
        """Logits and outputs of the last forward pass, ``(1, 2, units, n)``."""
        return np.stack([self._run.logits, self._run.outputs])[None]


def plan_of(sizes: Sequence[int], n: int, n_train: int, output: Output) -> PassPlan:
    """The passes to make over ``n`` samples: the quickest with the numbers of a single one.

    Samples that are only evaluated need no backward pass if they have their own forward pass, and
    BLAS is quicker with blocks of columns. Both pay in wide layers only, and the numbers must
    stay the same to the last bit: old links lead to them. How BLAS rounds depends on the number
    of columns, differently on each machine, so each plan is tried on random samples, once a
    process; for very many samples that would cost more than it gains.
    """
    cut = -(-n_train // EVEN) * EVEN
    single: PassPlan = [(0, n, None)]
    plans: list[PassPlan] = []
    # with more than two logits, softmax shifts all samples or none, so they cannot be split
    apart = not output.shifts or sizes[-1] == 2
    if apart and (n - cut) * max(sizes[1:-1], default=0) >= WORTH_A_PASS:
        plans += [[(0, cut, one), (cut, n, two)] for one, two in _BLOCKS]
    if n * max(a * b for a, b in pairwise(sizes)) > SMALL:
        plans.append([(0, n, BLOCK)])
    if not plans or n > MOST_TRIED:
        return single
    # layers of equal size give equal results, so two in a row represent any number
    sizes = [size for i, size in enumerate(sizes) if i < 2 or set(sizes[i - 2 : i]) != {size}]
    candidates = tuple(tuple(plan) for plan in [*plans, single])
    return list(_first_like_the_last(candidates, tuple(sizes), n_train, output.name))


@lru_cache(maxsize=256)
def _first_like_the_last(
    plans: tuple[tuple[SamplesOfPass, ...], ...], sizes: tuple[int, ...], n_train: int, output: str
) -> tuple[SamplesOfPass, ...]:
    """The first of the plans that gives the very numbers of the last one."""
    expected = _tried(list(plans[-1]), sizes, n_train, OUTPUTS[output])
    for plan in plans[:-1]:
        found = _tried(list(plan), sizes, n_train, OUTPUTS[output])
        if all(np.array_equal(one, two) for one, two in zip(found, expected, strict=True)):
            return plan
    return plans[-1]


def _tried(plan: PassPlan, sizes: Sequence[int], n_train: int, output: Output) -> list[Array]:
    """Logits and gradients of random samples and weights, always the same ones."""
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(a + 1, b)) / math.sqrt(a + 1) for a, b in pairwise(sizes)]
    inputs = rng.normal(size=(sizes[0] + 1, plan[-1][1]))
    targets = rng.random((sizes[-1], n_train))
    gradients = [np.zeros_like(w) for w in weights]
    logits = []
    for start, stop, block in plan:
        learn, own = max(n_train - start, 0), np.ascontiguousarray(inputs[:, start:stop])
        run = Pass(sizes, stop - start, ACTIVATIONS["tanh"], output, learn=learn, block=block)
        with np.errstate(over="ignore"):
            run.forward(weights, own)
        logits.append(run.logits)
        if learn:
            run.backward(weights, own, targets, gradients)
    return [np.concatenate(logits, axis=1), *gradients]
