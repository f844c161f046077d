"""Predictions of a classifier for points, by any of its methods, as probabilities and scores."""

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
_LEAST = 1e-6  # smaller probabilities are raised to this before taking the logarithm
_LARGEST = 1e100  # scores are clipped to ±this, so that their differences stay finite
_LEAD = 4.0  # largest difference between the two best scaled scores: σ(4) ≈ 0.98
_TIE = 1e-9  # added difference between the scores of classes of equal probability


@dataclass(frozen=True)
class Method:
    """A method of classifiers that predicts.

    ``read(raw, classes)`` converts its output for n points to probabilities and scores, both
    ``(n_classes, n)``. ``view`` is the one of :data:`nnviz.choices.views.VIEWS` that shows them.
    """

    name: str
    view: str
    read: Callable[[Array, Array], tuple[Array, Array]]


@dataclass(frozen=True, eq=False)
class Predictions:
    """``probabilities`` and ``scores`` of n points, both ``(n_classes, n)``."""

    method: Method
    probabilities: Array
    scores: Array

    def response(self, class_index: int | None) -> Array:
        """The response as in scikit-learn's display.

        For ``predict``, the class index ``(n,)``. Otherwise the probability or score of class
        ``class_index``, by default of the second of two, ``(n,)``; without a ``class_index``, more
        than two classes have a column each, ``(n, n_classes)``.
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
        """The field on the grid ``xx0``, ``xx1`` of the points, both ``(rows, columns)``."""
        shape = (len(self.scores), *xx0.shape)
        # of classes of equal score the first is predicted, as by arg-max
        handicap = _TIE * np.arange(len(self.scores))[:, None]
        scores = np.clip(self.scores, -_LARGEST, _LARGEST) - handicap
        return Field(xx0[0], xx1[:, 0], self.probabilities.reshape(shape), scores.reshape(shape))


def predict(estimator: Any, points: Any, response_method: str, classes: Array) -> Predictions:
    """Predict by ``response_method``; ``"auto"`` is the first of ``METHODS`` the estimator has.

    Raises ``ValueError`` and, if the estimator has no such method, ``AttributeError``.
    """
    if response_method not in (AUTO, *METHODS):
        raise ValueError(
            f"response_method must be one of {', '.join([AUTO, *METHODS])}. "
            f"Got {short_text(response_method)} instead."
        )
    names = list(METHODS) if response_method == AUTO else [response_method]
    found = [name for name in names if callable(getattr(estimator, name, None))]
    if not found:
        raise AttributeError(
            f"{type(estimator).__name__} has none of the following attributes: {', '.join(names)}."
        )
    if len(found) > 1 and _scores_pairs(estimator, len(classes)):
        found.remove("decision_function")
    method = METHODS[found[0]]
    if method.name == "decision_function" and _scores_pairs(estimator, len(classes)):
        raise ValueError(
            "decision_function must score classes, not pairs of them; "
            "got decision_function_shape='ovo'"
        )
    raw = np.asarray(getattr(estimator, method.name)(points))
    probabilities, scores = method.read(raw, classes)
    if len(scores) != len(classes):
        raise ValueError(
            f"{method.name} must return a column for each of {len(classes)} classes; "
            f"got {len(scores)}"
        )
    if method.name == "decision_function" and not hasattr(estimator, "predict_proba"):
        probabilities = softmax(_scaled(scores), axis=0)
    return Predictions(method, probabilities, scores)


def classes_of(estimator: Any) -> Array:
    """The classes of a fitted classifier. Raises ``ValueError`` for other estimators."""
    classes = getattr(estimator, "classes_", None)
    if classes is None:
        raise ValueError(
            f"estimator must be a classifier with classes_; got {type(estimator).__name__}"
        )
    if len(classes) and np.ndim(classes[0]):
        raise ValueError("Multi-label and multi-output multi-class classifiers are not supported")
    return np.asarray(classes)


def class_indices(labels: Array, classes: Array, name: str = "y") -> NDArray[np.intp]:
    """The class index of each label. Raises ``ValueError`` for labels that are not a class."""
    same = labels[:, None] == classes
    if not same.any(axis=1).all():
        unknown = list(dict.fromkeys(labels[~same.any(axis=1)].tolist()))
        raise ValueError(
            f"{name} must hold classes of {short_text(classes.tolist())}; got {short_text(unknown)}"
        )
    return same.argmax(axis=1)


def one_against_rest(field: Field, class_index: int) -> Field:
    """A field of two classes: ``class_index`` and all others together."""
    own, score = field.probabilities[class_index], field.scores[class_index]
    rest = np.delete(field.scores, class_index, axis=0).max(axis=0)
    return Field(field.x1, field.x2, np.stack([own, 1 - own]), np.stack([score, rest]))


def _scores_pairs(estimator: Any, n_classes: int) -> bool:
    """Whether the scores are for pairs of classes, as in an SVC with one-against-one scores."""
    parameters = estimator.get_params() if hasattr(estimator, "get_params") else {}
    return n_classes > 2 and any(
        name.split("__")[-1] == "decision_function_shape" and value == "ovo"
        for name, value in parameters.items()
    )


def _from_scores(raw: Array, classes: Array) -> tuple[Array, Array]:
    """Read scores as logits, as they are for logistic regression, boosting and networks."""
    if raw.ndim == 1 or raw.shape[1] == 1:
        scores = np.stack([np.zeros(len(raw)), raw.ravel()])
    else:
        scores = raw.T
    return softmax(np.clip(scores, -_LARGEST, _LARGEST), axis=0), scores


def _scaled(scores: Array) -> Array:
    """Scale the scores of a classifier without probabilities, which have no fixed unit.

    The largest difference between the best and the second best score becomes ``_LEAD``.
    """
    scores = np.clip(scores, -_LARGEST, _LARGEST)
    second, first = np.sort(scores, axis=0)[-2:]
    lead = (first - second).max()
    return scores * (_LEAD / lead) if lead > 0 else scores


def _from_probabilities(raw: Array, classes: Array) -> tuple[Array, Array]:
    # near a boundary logarithms are closer to linear than probabilities, like logits
    return raw.T, np.log(np.maximum(raw.T, _LEAST))


def _from_labels(raw: Array, classes: Array) -> tuple[Array, Array]:
    predicted = one_hot(class_indices(raw, classes, "the output of predict"), len(classes)).T
    return predicted, predicted


# in the order in which scikit-learn's "auto" tries them
METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method("decision_function", "blend", _from_scores),
        Method("predict_proba", "blend", _from_probabilities),
        Method("predict", "regions", _from_labels),
    )
}
