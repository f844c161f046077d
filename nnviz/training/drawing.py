"""The data of a run after strokes: points drawn, moved and erased while it trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..choices.datasets import Dataset
from ..recipe.strokes import marks_of


def drawn(
    initial: Dataset, strokes: Sequence[str], test_share: float, seed: tuple[int, ...]
) -> Dataset:
    """The data after these strokes; ``initial`` itself without any.

    Samples are in the order of their numbers in both parts. A point that a run starts with stays
    in its part. A new one goes into the test part with probability ``test_share``, by its number
    and the ``seed`` alone, so it stays there whatever else is drawn or erased.
    """
    if not strokes:
        return initial
    marks = [mark for text in strokes for mark in marks_of(text)]
    n_train, n = len(initial.train), len(initial.train) + len(initial.test)
    n_new = max(0, max(mark.number for mark in marks) + 1 - n)

    points = np.concatenate([initial.train, initial.test, np.zeros((n_new, 2))])
    labels = np.concatenate([initial.train_labels, initial.test_labels, np.zeros(n_new, np.intp)])
    is_there = np.arange(n + n_new) < n
    for mark in marks:
        is_there[mark.number] = mark.place is not None
        if mark.place is not None:
            points[mark.number], labels[mark.number] = mark.place, mark.class_index

    draws = np.random.default_rng(seed).random(n_new)
    is_test = np.concatenate([np.arange(n) >= n_train, draws < test_share])
    train, test = np.flatnonzero(is_there & ~is_test), np.flatnonzero(is_there & is_test)
    return replace(
        initial, train=points[train], train_labels=labels[train], test=points[test],
        test_labels=labels[test], initial=initial, numbers=np.concatenate([train, test]),
    )  # fmt: skip
