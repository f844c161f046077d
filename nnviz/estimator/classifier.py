"""The scikit-learn face of the engine: a classifier for any number of features and classes."""

from __future__ import annotations

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
from .parameters import activation_name, check_parameters, hidden_units, output_name, samples_a_step

Array = NDArray[Any]


class NeuralNetworkClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A feed-forward network trained by gradient descent, with scikit-learn's conventions.

    Parameters have ``MLPClassifier``'s names where they mean the same. The network's defaults are
    the page's; it is trained by Adam, which gets along with features of any moderate scale.
    Scale the features first, as with ``make_pipeline(StandardScaler(), …)``.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(10,)
        Units of each hidden layer; ``()`` for none.
    activation : str, default="tanh"
        A name from ``nnviz.choices.activations.ACTIVATIONS``, or "logistic" for "sigmoid".
    output : {"auto", "softmax", "sigmoid"}, default="auto"
        The last layer. "auto" is scikit-learn's way: one sigmoid unit for two classes, softmax
        with a unit a class for more.
    solver : str, default="adam"
        A name from ``nnviz.choices.optimisers.OPTIMISERS``. "sgd" has no momentum: what
        ``MLPClassifier`` calls "sgd" is "nesterov" here unless its ``nesterovs_momentum`` or
        ``momentum`` is off.
    init : str, default="glorot"
        A name from ``nnviz.choices.initialisers.INITIALISERS``. Biases start at 0.
    learning_rate_init : float, default=0.01
        The learning rate, which stays as it is.
    batch_size : None, "auto" or int, default=None
        Samples a step: None is all of them, "auto" is min(200, n_samples). Smaller batches are
        drawn anew, shuffled, in every epoch; more than there are means all of them.
    max_iter : int, default=1000
        Epochs a call of :meth:`fit` trains at most. With all samples in a step, each is one step.
    alpha : float, default=0.0
        Adds ``½ (alpha / b) Σw²`` to the mean loss of a step, over all weights but the biases,
        where b is the batch size: scikit-learn's penalty. Only in a last batch that is short is
        scikit-learn's larger, for it divides by that batch's own size.
    l1 : float, default=0.0
        Adds ``(l1 / b) Σ|w|`` in the same way.
    tol : float, default=1e-4
        What counts as an improvement of the loss, see ``n_iter_no_change``.
    n_iter_no_change : int or infinity, default=10
        Training ends when the loss was not ``tol`` below the best one for more than so many
        epochs on end.
    warm_start : bool, default=False
        Whether another :meth:`fit` goes on where the last call stopped, optimiser's memory
        included, instead of starting anew.
    random_state : int, RandomState or None, default=None
        Decides the first weights and the shuffles. A whole number does it as the page's weights
        seed: on the same inputs, with the same output, the run is the same.
    verbose : bool or int, default=False
        Whether to print the loss after every epoch.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Where X had column names that are all text.
    network_ : nnviz.Network
    coefs_, intercepts_ : lists of ndarray of shape (n_in, n_out) and (n_out,)
        Views of ``network_.weights``: writing into them changes the network.
    loss_curve_ : list of float
        The objective at the end of every epoch since the first weights: the mean loss over all
        samples plus penalties. Of one step an epoch, ``MLPClassifier`` notes the same numbers
        one place later, since it looks before the step.
    loss_ : float
        The last of them.
    best_loss_ : float
        The least of them.
    n_iter_ : int
        Epochs the last call trained.
    t_ : int
        Samples seen since the first weights.
    n_layers_, n_outputs_ : int
        Layers, inputs and outputs included, and units of the last one.
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
        """Train on ``X`` (n_samples, n_features) and labels ``y`` (n_samples,), of any kind.

        Warns with ``ConvergenceWarning`` where ``max_iter`` comes before the loss settles. An
        interruption from the keyboard ends training early and keeps all whole epochs.
        Raises ``ValueError`` for parameters and data out of order, and where the loss does not
        stay finite; the network is then what it was before.
        """
        goes_on = self.warm_start and hasattr(self, "network_")
        X, y = self._check(X, y, goes_on)
        classes = unique_labels(y)
        if goes_on and not np.array_equal(classes, self.classes_):
            raise ValueError(
                f"y must hold the classes {_listed(self.classes_)} for a warm start; "
                f"got {_listed(classes)}"
            )
        fitting = self._fitting(X, y, classes, goes_on)
        before = len(fitting.losses)
        end = fitting.settle(self.max_iter, self.tol, self.n_iter_no_change)
        self._keep(fitting, classes, len(fitting.losses) - before)
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
        """Train one more epoch on these samples; as ``fit`` otherwise, but for its warnings.

        ``classes`` lists all there will ever be, and is needed in the first call only. So many
        calls with the same samples do what a :meth:`fit` of so many epochs does.
        """
        goes_on = hasattr(self, "network_")
        if not goes_on and classes is None:
            raise ValueError("classes must be passed on the first call to partial_fit; got None")
        X, y = self._check(X, y, goes_on)
        known = unique_labels(self.classes_ if classes is None else classes)
        if goes_on and not np.array_equal(known, self.classes_):
            raise ValueError(
                f"classes must be {_listed(self.classes_)} as in the first call; "
                f"got {_listed(known)}"
            )
        strangers = np.setdiff1d(y, known)
        if len(strangers):
            raise ValueError(f"y must hold classes of {_listed(known)}; got {_listed(strangers)}")
        fitting = self._fitting(X, y, known, goes_on)
        fitting.stride(1)
        return self._keep(fitting, known, 1)

    # --- predicting -------------------------------------------------------------------

    def predict(self, X: ArrayLike) -> Array:
        """The class of each sample, ``(n_samples,)``."""
        run = self._pass(X)
        called = run.output.classes(run.logits)
        return self.classes_[np.minimum(called, len(self.classes_) - 1)]  # there may be only one

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Class probabilities ``(n_samples, n_classes)``, columns in the order of ``classes_``."""
        run = self._pass(X)
        if len(self.classes_) == 1:
            return np.ones((len(run.logits.T), 1))
        return np.ascontiguousarray(run.output.probabilities(run.outputs).T)

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Logarithms of :meth:`predict_proba`, from the logits: finite where that is 0."""
        run = self._pass(X)
        n_samples, n_classes = len(run.logits.T), len(self.classes_)
        logarithms = np.zeros((n_samples, n_classes))
        for label in range(n_classes if n_classes > 1 else 0):
            targets = run.output.targets(np.full(n_samples, label), n_classes)
            # the loss of a sample is −log ŷ of its class
            logarithms[:, label] = -run.output.losses(run.logits, run.outputs, targets)
        return logarithms

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Logits ``(n_samples, n_classes)``; for two classes ``(n_samples,)``, above 0 for the
        second one."""
        logits = self._pass(X).logits
        if len(logits) == 1:
            return logits[0].copy()
        return logits[1] - logits[0] if len(logits) == 2 else np.ascontiguousarray(logits.T)

    # --- what follows from the network --------------------------------------------------

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
        """For copies and pickles: ``coefs_`` of a copy are its own."""
        state: dict[str, Any] = super().__getstate__()
        own = {name: copy(state[name]) for name in ("network_", "loss_curve_") if name in state}
        return state | own

    def _check(self, X: Any, y: Any, goes_on: bool) -> tuple[Array, Array]:
        """Parameters in order, and X and y as arrays."""
        check_parameters(vars(self))
        X, y = validate_data(self, X, y, dtype=np.float64, reset=not goes_on)
        check_classification_targets(y)
        return X, y

    def _fitting(self, X: Array, y: Array, classes: Array, goes_on: bool) -> Fitting:
        """The descent from the first weights, or from where the last call stopped."""
        n_classes = max(2, len(classes))  # a single class is trained as if there were another
        output = OUTPUTS[output_name(self.output, len(classes))]
        sizes = (X.shape[1], *hidden_units(self.hidden_layer_sizes), output.units(n_classes))
        if goes_on:
            check_fits(self.network_, sizes, output.name)
        seed = self._seed if goes_on else _seed_of(self.random_state)
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
        if goes_on:
            if self.solver == self._solver:  # else its memory is another rule's
                descent.load(self._state)
            for view, w in zip(descent.weights, self.network_.weights, strict=True):
                view[:] = w  # somebody may have written into coefs_
        size = samples_a_step(self.batch_size, len(X))
        settings = Settings(
            optimiser=OPTIMISERS[self.solver],
            learning_rate=float(self.learning_rate_init),
            batch_size=size,
            l1=self.l1 / size,
            l2=self.alpha / size,
        )
        losses = list(self.loss_curve_) if goes_on else []
        return Fitting(descent, settings, seed, losses, verbose=bool(self.verbose))

    def _keep(self, fitting: Fitting, classes: Array, epochs: int) -> Self:
        """Take over what a fitting came to, all at once."""
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


def _seed_of(random_state: Any) -> int:
    """A seed of the engine's own: the number itself, or one drawn."""
    rng = check_random_state(random_state)
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(rng.randint(0, LAST_SEED, dtype=np.uint32))


def _listed(classes: Array) -> str:
    return short_text(", ".join(map(str, classes)))
