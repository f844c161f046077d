"""``DecisionBoundaryDisplay``: computed once from any classifier, drawn any number of times."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_consistent_length, column_or_1d
from sklearn.utils.validation import check_is_fitted

from ..analysis.field import Extent, Field, boundary_lines
from ..choices.datasets import Dataset
from ..choices.palette import CLASS_STYLES, THEMES
from ..figures.boundary import SIZE, draw
from ..figures.sheet import Box, Sheet, plain
from ..problems import short_text
from ..recipe.look import Look
from . import predictions
from .predictions import Predictions
from .samples import SampleTable

Array = NDArray[Any]

TITLE = 17  # font size in pixels
TITLE_ROOM = 34  # pixels, height of a title


@dataclass(kw_only=True, eq=False, repr=False)
class DecisionBoundaryDisplay:
    """A classifier's predictions on a plane, ready to plot; made by :meth:`from_estimator`.

    Attributes
    ----------
    xx0, xx1 : ndarray of shape (grid_resolution, grid_resolution)
        The grid, as returned by ``numpy.meshgrid``.
    response : ndarray of shape (rows, columns) or (rows, columns, n_classes)
        The estimator's output on the grid, as in scikit-learn's display.
    response_method : {"decision_function", "predict_proba", "predict"}
        The method that was used.
    n_classes : int
        The number of classes in ``response``: 2 with a class of interest.
    xlabel, ylabel : str
        The names on the axes.
    field : nnviz.analysis.field.Field
        Probabilities and scores of every class on the grid, from which the picture is drawn.
    lines : list of ndarray of shape (n_points, 2)
        The decision boundary.
    dataset : nnviz.choices.datasets.Dataset
        The points drawn, with the names of features and classes.
    look : nnviz.choices.views.Look
        How the field is coloured.
    note : str
        The default caption: the class of interest and the values of the other features.
    figure_ : plotly.graph_objects.Figure
        The last figure returned by :meth:`plot`.
    """

    xx0: Array
    xx1: Array
    response: Array
    response_method: str
    n_classes: int
    xlabel: str
    ylabel: str
    field: Field
    lines: list[NDArray[np.float64]]
    dataset: Dataset
    look: Look
    note: str = ""
    figure_: go.Figure = dataclasses.field(init=False)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        *,
        y: ArrayLike | None = None,
        grid_resolution: int = 100,
        eps: float = 1.0,
        response_method: str = "auto",
        class_of_interest: Any = None,
        features: Sequence[Any] = (0, 1),
        slice_at: Any = "mean",
        xlabel: str | None = None,
        ylabel: str | None = None,
    ) -> DecisionBoundaryDisplay:
        """Compute a display of a fitted classifier on a plane.

        Parameters
        ----------
        estimator : object
            A fitted classifier, or a pipeline or search that ends in one.
        X : array-like or DataFrame of shape (n_samples, n_features)
            Determines the extent of the plane, and holds the points drawn if ``y`` is given.
        y : array-like of shape (n_samples,), default=None
            The class of each sample. Without it no points are drawn.
        grid_resolution : int, default=100
            Points along each side of the grid.
        eps : float, default=1.0
            Margin around the samples, in units of the features.
        response_method : {"auto", "decision_function", "predict_proba", "predict"}
            The method to use; "auto" is the first of them in this order that the estimator has.
            Scores are read as logits, as they are for logistic regression, gradient boosting and
            ``NeuralNetworkClassifier``, and coloured by the probabilities that follow. Scores of a
            classifier without probabilities are scaled first.
        class_of_interest : int, float, bool or str, default=None
            The only class whose probability is shown. By default all classes are shown.
        features : pair of int or str, default=(0, 1)
            The features on the axes, by number or by column name.
        slice_at : {"mean", "median"}, array-like or mapping, default="mean"
            The values at which the other features are fixed: a value for each feature of X, or a
            mapping of numbers or names to values, with means for the features not in it.
        xlabel, ylabel : str, default=None
            The names on the axes. By default a DataFrame's column names, or ``x₁`` and so on.

        Raises
        ------
        NotFittedError, AttributeError, TypeError, ValueError
            For invalid arguments, with scikit-learn's messages where it has them. More classes
            than ``nnviz.choices.palette.CLASS_STYLES`` has colours need a ``class_of_interest``,
            which is then shown against all others.
        """
        check_is_fitted(estimator)
        if not isinstance(grid_resolution, Integral):
            got = short_text(grid_resolution)
            raise ValueError(f"grid_resolution must be a whole number 2 or above; got {got}")
        if not grid_resolution > 1:
            raise ValueError(
                f"grid_resolution must be greater than 1. Got {grid_resolution} instead."
            )
        if not eps >= 0:
            raise ValueError(f"eps must be greater than or equal to 0. Got {eps} instead.")
        classes = predictions.classes_of(estimator)
        class_index = _index_of_interest(class_of_interest, classes)

        table = SampleTable.of(X)
        axes = table.axes(features)
        samples = table.samples(axes)
        rest = table.rest(axes, slice_at)
        xx0, xx1 = _grid(samples, grid_resolution, eps)
        points = np.column_stack([xx0.ravel(), xx1.ravel()])
        predicted = predictions.predict(
            estimator, table.plane(axes, points, rest), response_method, classes
        )

        names = [table.name(each) for each in axes]
        for i, label in enumerate((xlabel, ylabel)):
            names[i] = names[i] if label is None else label
        labels = _labels(X, y, classes)
        class_names = [_name(each) for each in classes.tolist()]
        field, shown = predicted.field(xx0, xx1), class_index
        if class_index is not None and len(classes) > len(CLASS_STYLES):
            field, shown = predictions.one_against_rest(field, class_index), 0
            labels = None if labels is None else (labels != class_index).astype(np.intp)
            class_names = [class_names[class_index], "other classes"]
        return cls(
            xx0=xx0,
            xx1=xx1,
            response=_on_grid(predicted, class_index, xx0),
            response_method=predicted.method.name,
            n_classes=len(classes) if class_index is None else 2,
            xlabel=names[0],
            ylabel=names[1],
            field=field,
            lines=boundary_lines(field),
            dataset=_dataset(samples, labels, (names[0], names[1]), class_names),
            look=Look(predicted.method.view) if shown is None else Look("class", class_index=shown),
            note=" ".join(
                filter(None, [_interest_note(class_index, classes, predicted), table.note(rest)])
            ),
        )

    @property
    def extent(self) -> Extent:
        """The rectangle shown."""
        x1, x2 = self.field.x1, self.field.x2
        return Extent((float(x1[0]), float(x1[-1])), (float(x2[0]), float(x2[-1])))

    def plot(
        self,
        *,
        theme: str = "light",
        size: tuple[int, int] = SIZE,
        title: str | None = None,
        caption: str | None = None,
    ) -> go.Figure:
        """Draw field, boundary and points as a figure of ``size`` pixels, kept as ``figure_``.

        ``theme`` is one of ``nnviz.choices.palette.THEMES``. ``caption`` is the text under the
        picture, by default the display's ``note``; an empty one takes no space. Raises
        ``ValueError`` for an unknown theme.
        """
        sheet = Sheet(size, known_theme(theme), self.note if caption is None else caption)
        box = titled(sheet, title)
        draw(sheet, box, self.dataset, self.extent, self.field, self.lines, self.look)
        self.figure_ = sheet.figure
        return self.figure_

    # --- in a notebook --------------------------------------------------------------------

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """The figure by Plotly's default renderer, or as HTML that works without internet."""
        figure = self._drawn()
        bundle: dict[str, Any] = figure._repr_mimebundle_(include, exclude) or {
            "text/html": figure.to_html(full_html=False, include_plotlyjs=True)
        }
        return {"text/plain": repr(self), **bundle}

    def _repr_html_(self) -> str:
        return self._drawn().to_html(full_html=False, include_plotlyjs=True)

    def __repr__(self) -> str:
        axes = " × ".join(filter(None, (self.xlabel, self.ylabel)))
        return (
            f"<{type(self).__name__} of {self.n_classes} classes by {self.response_method}: {axes}>"
        )

    def _drawn(self) -> go.Figure:
        return self.figure_ if hasattr(self, "figure_") else self.plot()


def known_theme(theme: str) -> str:
    if theme not in THEMES:
        raise ValueError(f"theme must be one of {', '.join(THEMES)}; got {short_text(theme)}")
    return theme


def titled(sheet: Sheet, title: str | None) -> Box:
    """Write a title on the sheet, if any, and return the box below it."""
    if not title:
        return sheet.box
    text = f"<b>{plain(title)}</b>"
    sheet.text(text, sheet.width / 2, 10, size=TITLE, xanchor="center", yanchor="top")
    return sheet.box.inside(top=TITLE_ROOM)


# --- parts of a display ---------------------------------------------------------------


def _index_of_interest(class_of_interest: Any, classes: Array) -> int | None:
    """The index of the class of interest, or None for all classes. Raises ``ValueError``."""
    most = len(CLASS_STYLES)
    if len(classes) < 2:
        raise ValueError(f"estimator must have 2 or more classes; got {len(classes)}")
    if class_of_interest is None:
        if len(classes) > most:
            raise ValueError(
                f"classes must be at most {most}, as many as there are colours, unless there is "
                f"a class_of_interest; got {len(classes)}"
            )
        return None
    if class_of_interest not in classes.tolist():
        raise ValueError(
            f"class_of_interest={class_of_interest} is not a valid label: It should be one of "
            f"{classes}"
        )
    return classes.tolist().index(class_of_interest)


def _grid(samples: Array, grid_resolution: int, eps: float) -> tuple[Array, Array]:
    low, high = np.nanmin(samples, axis=0) - eps, np.nanmax(samples, axis=0) + eps
    if not (low < high).all():
        raise ValueError(f"eps must be above 0 where a feature has a single value; got {eps}")
    lines = [np.linspace(*ends, grid_resolution) for ends in zip(low, high, strict=True)]
    xx0, xx1 = np.meshgrid(*lines)
    return xx0, xx1


def _on_grid(predicted: Predictions, class_index: int | None, xx0: Array) -> Array:
    response = predicted.response(class_index)
    return response.reshape(*xx0.shape, *response.shape[1:])


def _labels(X: Any, y: ArrayLike | None, classes: Array) -> NDArray[np.intp] | None:
    if y is None:
        return None
    check_consistent_length(X, y)
    return predictions.class_indices(column_or_1d(y), classes)


def _dataset(
    samples: Array,
    labels: NDArray[np.intp] | None,
    features: tuple[str, str],
    class_names: Sequence[str],
) -> Dataset:
    """The points drawn. A class without points has one at NaN, to appear in the legend."""
    if labels is None:
        samples, labels = samples[:0], np.zeros(0, dtype=np.intp)
    absent = np.setdiff1d(np.arange(len(class_names)), labels)
    return Dataset(
        train=np.concatenate([samples, np.full((len(absent), 2), np.nan)]),
        train_labels=np.concatenate([labels, absent]),
        test=np.empty((0, 2)),
        test_labels=np.zeros(0, dtype=np.intp),
        features=features,
        class_names=tuple(class_names),
        shared_unit=False,
    )


def _name(label: Any) -> str:
    """A class's name to show: a string unchanged, a number as ``class 0``."""
    return label if isinstance(label, str) else f"class {label}"


def _interest_note(class_index: int | None, classes: Array, predicted: Predictions) -> str:
    if class_index is None:
        return ""
    name = _name(classes.tolist()[class_index])
    if predicted.method.name == "predict":
        return f"Shaded where {name} is predicted."
    return f"Probability of {name}."
