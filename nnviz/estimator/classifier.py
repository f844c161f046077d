"""A scikit-learn classifier for any number of features and classes, trained by nnviz's engine."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from copy import copy
from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets, unique_labels
from sklearn.utils.validation import check_is_fitted, validate_data

from ..choices.activations import ACTIVATIONS
from ..choices.initialisers import INITIALISERS, initial_weights
from ..choices.inputs import with_ones
from ..choices.optimisers import OPTIMISERS
from ..choices.outputs import OUTPUTS
from ..problems import short_text
from ..recipe.recipe import LAST_SEED
from ..training.descent import Descent, Settings
from ..training.network import Network, Pass
from ..training.trainer import INIT
from .fitting import End, Fitting, check_fits
from .parameters import (
    activation_name,
    check_parameters,
    hidden_units,
    output_name,
    samples_per_step,
)

Array = NDArray[Any]


class NeuralNetworkClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A feed-forward network trained by gradient descent, with scikit-learn's conventions.

    Parameters that mean the same as in ``MLPClassifier`` have the same names. Defaults are the
    page's, except for the solver: Adam copes better with features of different scales. Still, scale
    the features first, for example with ``make_pipeline(StandardScaler(), …)``.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(10,)
        Units of each hidden layer; ``()`` for none.
    activation : str, default="tanh"
        A name from ``nnviz.choices.activations.ACTIVATIONS``, or "logistic" for "sigmoid".
    output : {"auto", "softmax", "sigmoid"}, default="auto"
        The last layer. "auto", as in scikit-learn, is one sigmoid unit for two classes, and softmax
        with one unit per class for more.
    solver : str, default="adam"
        A name from ``nnviz.choices.optimisers.OPTIMISERS``. "sgd" has no momentum; the default
        "sgd" of ``MLPClassifier``, with Nesterov's momentum, is "nesterov" here.
    init : str, default="glorot"
        A name from ``nnviz.choices.initialisers.INITIALISERS``. Biases start at 0.
    learning_rate_init : float, default=0.01
        The learning rate, which is constant.
    batch_size : None, "auto" or int, default=None
        Samples per step: None for all of them, "auto" for min(200, n_samples). Values above
        n_samples mean all samples. Smaller batches are shuffled in every epoch.
    max_iter : int, default=1000
        The largest number of epochs of a call of :meth:`fit`. With all samples in one batch, an
        epoch is one step.
    alpha : float, default=0.0
        Strength of the L2 penalty: ``½ (alpha / b) Σw²`` is added to the mean loss of a step, over
        all weights except biases, where b is the batch size. This is scikit-learn's penalty, except
        in a shorter last batch, where scikit-learn divides by that batch's size.
    l1 : float, default=0.0
        Strength of the L1 penalty: ``(l1 / b) Σ|w|`` is added in the same way.
    tol : float, default=1e-4
        The smallest improvement of the loss, see ``n_iter_no_change``.
    n_iter_no_change : int or infinity, default=10
        Training ends when the loss has not been ``tol`` below the best one for more than this
        number of consecutive epochs.
    warm_start : bool, default=False
        Whether :meth:`fit` continues from the last call, with the optimiser's memory, instead of
        starting with new weights.
    random_state : int, RandomState or None, default=None
        Determines the initial weights and the shuffles. An integer acts as the page's weights
        seed: with the same inputs and the same output, the run is the same.
    verbose : bool or int, default=False
        Whether to print the loss after every epoch.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Defined if X has column names that are all strings.
    network_ : nnviz.Network
    coefs_, intercepts_ : lists of ndarray of shape (n_in, n_out) and (n_out,)
        Views of ``network_.weights``: writing into them changes the network.
    loss_curve_ : list of float
        The objective at the end of every epoch since the initial weights: the mean loss over all
        samples plus penalties. With one step per epoch, ``MLPClassifier`` has the same numbers one
        place later, because it computes the loss before the step.
    loss_ : float
        The last value of ``loss_curve_``.
    best_loss_ : float
        The smallest value of ``loss_curve_``.
    n_iter_ : int
        The number of epochs in the last call.
    t_ : int
        The number of samples seen since the initial weights.
    n_layers_, n_outputs_ : int
        The number of layers, including inputs and outputs, and of units in the last one.
    out_activation_ : {"softmax", "logistic"}
    """

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (10,),
        activation: str = "tanh",
        *,
        output: str = "auto",
        solver: str = "adam",
        init: str = "glorot",
        learning_rate_init: float = 0.01,
        batch_size: int | str | None = None,
        max_iter: int = 1000,
        alpha: float = 0.0,
        l1: float = 0.0,
        tol: float = 1e-4,
        n_iter_no_change: float = 10,
        warm_start: bool = False,
        random_state: Any = None,
        verbose: bool | int = False,
    ):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.output = output
        self.solver = solver
        self.init = init
        self.learning_rate_init = learning_rate_init
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.alpha = alpha
        self.l1 = l1
        self.tol = tol
        self.n_iter_no_change = n_iter_no_change
        self.warm_start = warm_start
        self.random_state = random_state
        self.verbose = verbose

    # --- training ---------------------------------------------------------------------

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train on ``X`` (n_samples, n_features) and labels ``y`` (n_samples,) of any type.

        Warns with ``ConvergenceWarning`` if the loss has not settled after ``max_iter`` epochs. A
        ``KeyboardInterrupt`` ends training early and keeps all complete epochs.
        Raises ``ValueError`` for invalid parameters or data, and if the loss does not stay finite;
        the network is then unchanged.
        """
        continues = self.warm_start and hasattr(self, "network_")
        X, y = self._check(X, y, continues)
        classes = unique_labels(y)
        if continues and not np.array_equal(classes, self.classes_):
            raise ValueError(
                f"y must hold the classes {_listed(self.classes_)} for a warm start; "
                f"got {_listed(classes)}"
            )
        fitting = self._fitting(X, y, classes, continues)
        before = len(fitting.losses)
        end = fitting.settle(self.max_iter, self.tol, self.n_iter_no_change)
        self._keep(fitting, classes, len(fitting.losses) - before)
        self._note(X, y, continues)
        if end is End.INTERRUPTED:
            warnings.warn(f"training was interrupted after {self.n_iter_} epochs", stacklevel=2)
        elif end is End.UNSETTLED:
            warnings.warn(
                f"the loss has not settled after max_iter={self.max_iter} epochs",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Train one more epoch on these samples; like ``fit``, but without its warnings.

        ``classes`` lists all classes of all calls, and is needed only in the first. n calls with
        the same samples are equal to a :meth:`fit` of n epochs.
        """
        continues = hasattr(self, "network_")
        if not continues and classes is None:
            raise ValueError("classes must be passed on the first call to partial_fit; got None")
        X, y = self._check(X, y, continues)
        known = unique_labels(self.classes_ if classes is None else classes)
        if continues and not np.array_equal(known, self.classes_):
            raise ValueError(
                f"classes must be {_listed(self.classes_)} as in the first call; "
                f"got {_listed(known)}"
            )
        unknown = np.setdiff1d(y, known)
        if len(unknown):
            raise ValueError(f"y must hold classes of {_listed(known)}; got {_listed(unknown)}")
        fitting = self._fitting(X, y, known, continues)
        fitting.stride(1)
        self._note(X, y, continues)
        return self._keep(fitting, known, 1)

    def is_fitted_to(self, X: ArrayLike, y: ArrayLike) -> bool:
        """Whether it was trained on exactly these samples and labels, and on no others."""
        check_is_fitted(self, "network_")
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return self._trained_on == {_digest(np.asarray(X), np.asarray(y))}

    # --- predicting -------------------------------------------------------------------

    def predict(self, X: ArrayLike) -> Array:
        """The predicted class of each sample, ``(n_samples,)``."""
        run = self._pass(X)
        indices = run.output.classes(run.logits)
        return self.classes_[np.minimum(indices, len(self.classes_) - 1)]  # there may be only one

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Class probabilities ``(n_samples, n_classes)``, columns in the order of ``classes_``."""
        run = self._pass(X)
        if len(self.classes_) == 1:
            return np.ones((len(run.logits.T), 1))
        return np.ascontiguousarray(run.output.probabilities(run.outputs).T)

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Logarithms of :meth:`predict_proba`, from the logits: finite even where it is 0."""
        run = self._pass(X)
        n_samples, n_classes = len(run.logits.T), len(self.classes_)
        logarithms = np.zeros((n_samples, n_classes))
        for label in range(n_classes if n_classes > 1 else 0):
            targets = run.output.targets(np.full(n_samples, label), n_classes)
            # the loss of a sample is −log ŷ of its class
            logarithms[:, label] = -run.output.losses(run.logits, run.outputs, targets)
        return logarithms

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Logits ``(n_samples, n_classes)``; for two classes their difference ``(n_samples,)``,
        positive for the second class."""
        logits = self._pass(X).logits
        if len(logits) == 1:
            return logits[0].copy()
        return logits[1] - logits[0] if len(logits) == 2 else np.ascontiguousarray(logits.T)

    # --- attributes derived from the network --------------------------------------------

    @property
    def coefs_(self) -> list[NDArray[np.float64]]:
        return [w[1:] for w in self.network_.weights]

    @property
    def intercepts_(self) -> list[NDArray[np.float64]]:
        return [w[0] for w in self.network_.weights]

    @property
    def n_layers_(self) -> int:
        return len(self.network_.sizes)

    @property
    def n_outputs_(self) -> int:
        return self.network_.sizes[-1]

    @property
    def out_activation_(self) -> str:
        return self.network_.output.sklearn or self.network_.output.name

    @property
    def loss_(self) -> float:
        return self.loss_curve_[-1]

    @property
    def best_loss_(self) -> float:
        return min(self.loss_curve_)

    # --- helpers ------------------------------------------------------------------------

    def __getstate__(self) -> dict[str, Any]:
        """State of copies and pickles, in which ``coefs_`` are separate arrays."""
        state: dict[str, Any] = super().__getstate__()
        own = {name: copy(state[name]) for name in ("network_", "loss_curve_") if name in state}
        return state | own

    def _check(self, X: Any, y: Any, continues: bool) -> tuple[Array, Array]:
        """Check parameters and data; return X and y as arrays."""
        check_parameters(vars(self))
        X, y = validate_data(self, X, y, dtype=np.float64, reset=not continues)
        check_classification_targets(y)
        return X, y

    def _note(self, X: Array, y: Array, continues: bool) -> None:
        """Note what it is trained on, for :meth:`is_fitted_to`."""
        known: set[str] = self._trained_on if continues else set()
        self._trained_on: set[str] = known | {_digest(X, y)}

    def _fitting(self, X: Array, y: Array, classes: Array, continues: bool) -> Fitting:
        """A fitting from initial weights, or from where the last call stopped."""
        n_classes = max(2, len(classes))  # a single class is trained as one of two
        output = OUTPUTS[output_name(self.output, len(classes))]
        sizes = (X.shape[1], *hidden_units(self.hidden_layer_sizes), output.units(n_classes))
        if continues:
            check_fits(self.network_, sizes, output.name)
        seed = self._seed if continues else _seed_of(self.random_state)
        rng = np.random.default_rng((seed, INIT))
        descent = Descent(
            weights=initial_weights(INITIALISERS[self.init], rng, sizes),
            activation=ACTIVATIONS[activation_name(self.activation)],
            output=output,
            inputs=with_ones(X),
            labels=np.searchsorted(classes, y),
            n_train=len(X),
            n_classes=n_classes,
        )
        if continues:
            if self.solver == self._solver:  # otherwise the memory is another optimiser's
                descent.load(self._state)
            for view, w in zip(descent.weights, self.network_.weights, strict=True):
                view[:] = w  # the caller may have written into coefs_
        size = samples_per_step(self.batch_size, len(X))
        settings = Settings(
            optimiser=OPTIMISERS[self.solver],
            learning_rate=float(self.learning_rate_init),
            batch_size=size,
            l1=self.l1 / size,
            l2=self.alpha / size,
        )
        losses = list(self.loss_curve_) if continues else []
        return Fitting(descent, settings, seed, losses, verbose=bool(self.verbose))

    def _keep(self, fitting: Fitting, classes: Array, epochs: int) -> Self:
        """Set all attributes from the result of a fitting."""
        descent = fitting.descent
        samples = epochs * descent.n_train
        seen = self.t_ if len(fitting.losses) > epochs else 0
        self.t_: int = seen + samples
        self.n_iter_ = epochs
        self.loss_curve_ = fitting.losses
        self.classes_ = classes
        self.network_ = Network(
            descent.weights,
            activation_name(self.activation),
            output_name(self.output, len(classes)),
        )
        self._state, self._solver, self._seed = descent.state.copy(), self.solver, fitting.seed
        return self

    def _pass(self, X: ArrayLike) -> Pass:
        """A forward pass over X; logits and outputs have samples in columns."""
        check_is_fitted(self, "network_")
        return self.network_.forward(validate_data(self, X, dtype=np.float64, reset=False))


def _digest(X: Array, y: Array) -> str:
    labels = y.astype(str)  # as numbers or text
    return hashlib.sha256(X.tobytes() + labels.tobytes()).hexdigest()


def _seed_of(random_state: Any) -> int:
    """A seed for the engine: ``random_state`` if it is an integer, else one drawn from it."""
    rng = check_random_state(random_state)
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(rng.randint(0, LAST_SEED, dtype=np.uint32))


def _listed(classes: Array) -> str:
    return short_text(", ".join(map(str, classes)))
