"""What a classifier says of points, by whichever of its methods, as probabilities and scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.field import Field
from ..choices.outputs import one_hot, softmax
from ..problems import short_text

Array = NDArray[Any]

AUTO = "auto"
_LEAST = 1e-6  # probabilities below count as this much where their logarithm is taken
_LARGEST = 1e100  # scores beyond count as this much: lines are drawn where they differ
_LEAD = 4.0  # of the best class over the next where one is as good as certain: σ(4) ≈ 0.98
_TIE = 1e-9  # by how much a class leads the next one where they are as likely


@dataclass(frozen=True)
class Method:
    """One method to ask by.

    ``read(raw, classes)`` takes what it gave for n points and gives probabilities and scores,
    ``(n_classes, n)`` both. ``view`` is the one of :data:`nnviz.choices.views.VIEWS` that shows it.
    """

    name: str
    view: str
    read: Callable[[Array, Array], tuple[Array, Array]]


@dataclass(frozen=True, eq=False)
class Answer:
    """``probabilities`` and ``scores`` of n points, ``(n_classes, n)``."""

    method: Method
    probabilities: Array
    scores: Array

    def response(self, class_index: int | None) -> Array:
        """As scikit-learn's display has it: ``(n,)`` for two classes or one of interest.

        The index of the predicted class for ``predict``; else the probability or score of class
        ``class_index``, by default of the second of two; of more, a column a class
        ``(n, n_classes)``.
        """
        if self.method.name == "predict":
            return self.probabilities.argmax(axis=0)
        values = self.scores if self.method.name == "decision_function" else self.probabilities
        if class_index is None and len(values) > 2:
            return values.T
        class_index = 1 if class_index is None else class_index
        if values is self.scores and len(values) == 2:
            return values[class_index] - values[1 - class_index]
        return values[class_index]

    def field(self, xx0: Array, xx1: Array) -> Field:
        """On the grid that was asked about, rows of ``xx0`` and ``xx1``."""
        shape = (len(self.scores), *xx0.shape)
        # of classes as likely the first is called, as by arg-max
        behind = _TIE * np.arange(len(self.scores))[:, None]
        scores = np.clip(self.scores, -_LARGEST, _LARGEST) - behind
        return Field(xx0[0], xx1[:, 0], self.probabilities.reshape(shape), scores.reshape(shape))


def ask(estimator: Any, points: Any, response_method: str, classes: Array) -> Answer:
    """The answer by ``response_method``; ``"auto"`` is the first of ``METHODS`` there is.

    Raises ``ValueError`` and, where the estimator has no such method, ``AttributeError``.
    """
    if response_method not in (AUTO, *METHODS):
        raise ValueError(
            f"response_method must be one of {', '.join([AUTO, *METHODS])}. "
            f"Got {short_text(response_method)} instead."
        )
    wanted = list(METHODS) if response_method == AUTO else [response_method]
    able = [name for name in wanted if callable(getattr(estimator, name, None))]
    if not able:
        raise AttributeError(
            f"{type(estimator).__name__} has none of the following attributes: {', '.join(wanted)}."
        )
    if len(able) > 1 and _scores_pairs(estimator, len(classes)):
        able.remove("decision_function")
    method = METHODS[able[0]]
    if method.name == "decision_function" and _scores_pairs(estimator, len(classes)):
        raise ValueError(
            "decision_function must score classes, not pairs of them; "
            "got decision_function_shape='ovo'"
        )
    raw = np.asarray(getattr(estimator, method.name)(points))
    probabilities, scores = method.read(raw, classes)
    if len(scores) != len(classes):
        raise ValueError(
            f"{method.name} must give a column for each of {len(classes)} classes; "
            f"got {len(scores)}"
        )
    if method.name == "decision_function" and not hasattr(estimator, "predict_proba"):
        probabilities = softmax(_stretched(scores), axis=0)
    return Answer(method, probabilities, scores)


def classes_of(estimator: Any) -> Array:
    """The classes of a fitted classifier. Raises ``ValueError`` where it is none."""
    classes = getattr(estimator, "classes_", None)
    if classes is None:
        raise ValueError(
            f"estimator must be a classifier with classes_; got {type(estimator).__name__}"
        )
    if len(classes) and np.ndim(classes[0]):
        raise ValueError("Multi-label and multi-output multi-class classifiers are not supported")
    return np.asarray(classes)


def numbers_of(labels: Array, classes: Array, name: str = "y") -> NDArray[np.intp]:
    """The place of each label among the classes. Raises ``ValueError`` for one that has none."""
    same = labels[:, None] == classes
    if not same.any(axis=1).all():
        strangers = list(dict.fromkeys(labels[~same.any(axis=1)].tolist()))
        known, got = short_text(classes.tolist()), short_text(strangers)
        raise ValueError(f"{name} must hold classes of {known}; got {got}")
    return same.argmax(axis=1)


def one_against_rest(field: Field, class_index: int) -> Field:
    """A field of two classes: ``class_index`` and all others."""
    own, score = field.probabilities[class_index], field.scores[class_index]
    rest = np.delete(field.scores, class_index, axis=0).max(axis=0)
    return Field(field.x1, field.x2, np.stack([own, 1 - own]), np.stack([score, rest]))


def _scores_pairs(estimator: Any, n_classes: int) -> bool:
    """Whether the scores are a support vector machine's of pairs: their arg-max is no class."""
    parameters = estimator.get_params() if hasattr(estimator, "get_params") else {}
    return n_classes > 2 and any(
        name.split("__")[-1] == "decision_function_shape" and value == "ovo"
        for name, value in parameters.items()
    )


def _from_scores(raw: Array, classes: Array) -> tuple[Array, Array]:
    """Scores count as logits, which they are of logistic regression, boosting and networks."""
    if raw.ndim == 1 or raw.shape[1] == 1:
        scores = np.stack([np.zeros(len(raw)), raw.ravel()])
    else:
        scores = raw.T
    return softmax(np.clip(scores, -_LARGEST, _LARGEST), axis=0), scores


def _stretched(scores: Array) -> Array:
    """Scores of a classifier that knows no probabilities have no unit: the greatest lead of a
    class over the next counts as ``_LEAD``."""
    scores = np.clip(scores, -_LARGEST, _LARGEST)
    second, first = np.sort(scores, axis=0)[-2:]
    lead = (first - second).max()
    return scores * (_LEAD / lead) if lead > 0 else scores


def _from_probabilities(raw: Array, classes: Array) -> tuple[Array, Array]:
    # logarithms are straighter near a boundary than probabilities, as logits are
    return raw.T, np.log(np.maximum(raw.T, _LEAST))


def _from_labels(raw: Array, classes: Array) -> tuple[Array, Array]:
    called = one_hot(numbers_of(raw, classes, "what predict says"), len(classes)).T
    return called, called


# in the order in which scikit-learn's "auto" tries them
METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method("decision_function", "blend", _from_scores),
        Method("predict_proba", "blend", _from_probabilities),
        Method("predict", "regions", _from_labels),
    )
}
