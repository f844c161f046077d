"""The trainer: a run as a function of its recipe, at any epoch, forwards and backwards."""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Callable, Sequence
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..choices.activations import ACTIVATIONS
from ..choices.datasets import Dataset, make_dataset
from ..choices.initialisers import INITIALISERS, initial_weights
from ..choices.inputs import Preparation
from ..choices.optimisers import OPTIMISERS
from ..choices.outputs import OUTPUTS
from ..problems import short_text
from ..recipe.edits import POINTS, WEIGHT, Edit
from ..recipe.kinds import to_python
from ..recipe.recipe import LAST_EPOCH, Recipe
from .descent import Descent, EpochSteps, Settings, Step
from .drawing import drawn
from .history import METRICS, History
from .network import Network
from .pieces import Work, done, pausing

# each purpose has its own stream of random numbers, so changing one leaves the others
DATA, SPLIT, INIT, SHUFFLE, DRAWN = range(5)

MOST_KEYFRAMES = 64
KEYFRAME_BYTES = 8_000_000  # all keyframes of one trainer together
MOST_MARKED = 8  # states, in an eighth of that memory at most


class Trainer:
    """Trains the network of a recipe; equal recipes and epochs give bit-identical states.

    ``epoch`` counts trained epochs from 0. ``recipe`` includes the edits made so far. ``dataset``
    has the points of this epoch; ``preparation`` stays as fitted on those of the start.
    ``diverged`` is None, or a sentence on why the run cannot go past this epoch.
    ``keyframe_bytes`` is the memory for states to go back to, ``KEYFRAME_BYTES`` if None.
    """

    def __init__(self, recipe: Recipe, keyframe_bytes: int | None = None):
        self.recipe = recipe
        self.keyframe_bytes = KEYFRAME_BYTES if keyframe_bytes is None else keyframe_bytes
        self._initial = self.dataset = dataset_of(recipe)
        self._strokes: tuple[str, ...] = ()  # that ``dataset`` has
        self.preparation = Preparation.fit(self.dataset.train, recipe.inputs, recipe.standardise)
        rng = np.random.default_rng((recipe.seed, INIT))
        weights = initial_weights(INITIALISERS[recipe.init], rng, recipe.sizes)
        self._descent = _descent_of(recipe, weights, self.dataset, self.preparation)
        self._edit_epochs = {edit.epoch for edit in recipe.edits}
        self.epoch = 0
        self.diverged: str | None = None
        self._history = History()
        self._keyframes: dict[int, NDArray[np.float64]] = {}
        self._spacing = 20  # epochs between keyframes
        self._marked: dict[int, NDArray[np.float64]] = {}  # states of the epochs seen last
        self._before = np.empty_like(self._descent.state)
        with np.errstate(all="ignore"):
            self._arrive()

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: what training changes is copied, so each goes its own way."""
        return vars(self) | {
            "_descent": copy(self._descent),
            "_history": copy(self._history),
            "_keyframes": dict(self._keyframes),
            "_marked": dict(self._marked),
            "_before": self._before.copy(),
        }

    # --- looking ----------------------------------------------------------------------

    @property
    def network(self) -> Network:
        """The network at this epoch, as a copy: training on does not change it, nor it the run.

        Its inputs are ``preparation.apply(raw samples)``.
        """
        return Network(self._descent.weights, self.recipe.activation, self.recipe.output)

    @property
    def history(self) -> np.recarray[Any, Any]:
        """Metrics at the end of every epoch from 0, untrained, to this one, as a copy.

        A record array of length ``epoch + 1`` with the fields ``train_loss``, ``test_loss``,
        ``train_accuracy`` and ``test_accuracy``; losses are means over samples, accuracies
        lie in 0…1, and test values are NaN where there is no test part.
        """
        rows = self.rows(0).copy()
        return rows.view(dtype=[(name, np.float64) for name in METRICS])[:, 0].view(np.recarray)

    @property
    def history_bytes(self) -> int:
        """Memory of the metrics so far, those of later epochs, once trained, too."""
        return self._history.nbytes

    def rows(self, start: int, most: int = LAST_EPOCH + 1) -> NDArray[np.float64]:
        """History from epoch ``start`` on as ``(n, 4)``, in the order of ``METRICS``.

        ``most`` rows of it at most. It may be a view: copy it before training on.
        """
        return self._history.rows(start, min(start + most, self.epoch + 1))

    @property
    def finished(self) -> bool:
        """Whether the run cannot go on: diverged, or at its last epoch."""
        return self.diverged is not None or self.epoch >= LAST_EPOCH

    def step_with(self, sample: int) -> Step:
        """The step of the next epoch in which training ``sample``, from 0, takes part.

        The run stays at its epoch. In a run that diverges here, numbers of the step may be infinite
        or NaN. Raises ``ValueError`` for a sample that is not there.
        """
        sample = _whole("sample", sample, 0, len(self.dataset.train) - 1)
        with np.errstate(all="ignore"):
            return self._descent.step_with(sample, self._settings, self._shuffle_seed(self.epoch))

    @property
    def data_key(self) -> str:
        """A short name for the points of this epoch: "" for those of the start."""
        if not self._strokes:
            return ""
        return hashlib.blake2s(" ".join(self._strokes).encode(), digest_size=8).hexdigest()

    @property
    def corrections(self) -> int | None:
        """Wrong samples that a perceptron has been corrected by so far; None for other outputs."""
        return self._descent.corrections

    def steps_of_epoch(self) -> EpochSteps:
        """All training steps of the next epoch; the run stays at the epoch where it is."""
        with np.errstate(all="ignore"):
            return self._descent.steps_of_epoch(self._settings, self._shuffle_seed(self.epoch))

    def changes_within(self, epochs: int) -> bool:
        """Whether an edit takes effect in the next so many epochs."""
        return any(0 <= epoch - self.epoch < epochs for epoch in self._edit_epochs)

    # --- moving -----------------------------------------------------------------------

    def advance(self, epochs: int = 1) -> int:
        """Train up to ``epochs`` more; the number really trained, fewer where the run ends.

        Raises ``ValueError`` for what is no whole number, or below 0.
        """
        epochs = _whole("epochs", epochs, 0)
        start = self.epoch
        while (left := epochs - self.epoch + start) > 0 and not self.finished:
            self.stride(left)
        return self.epoch - start

    def stride(self, most: int) -> int:
        """Train 1 to ``most`` epochs, as many as go well together; the number really trained.

        No setting changes on the way, and the first epoch after an edit goes alone, so that
        the caller sees soon what an epoch costs. 0 where the run diverges or is over.
        Raises ``ValueError`` for what is no whole number, or below 1.
        """
        return done(self.striding(most, is_due=lambda: False))

    def striding(self, most: int, is_due: Callable[[], bool]) -> Work[int]:
        """Train as :meth:`stride` does, with a pause wherever one ``is_due``, within an epoch too.

        No other method may be called meanwhile. If it is called off, the run is as it was before.
        Raises ``ValueError`` for what is no whole number, or below 1.
        """
        most = _whole("most", most, 1)
        if self.finished:
            return 0
        work = pausing(self._stride(min(most, self._room_to_stride())), is_due)
        try:
            while True:
                with np.errstate(all="ignore"):  # a run that overflows is stopped by its loss
                    try:
                        next(work)
                    except StopIteration as end:
                        return end.value
                yield  # to those who want to hear of overflows
        finally:
            work.close()

    def seek(self, epoch: int) -> int:
        """Go to ``epoch``, back or forth; or to the last finite one where the run diverges.

        Returns the epoch reached. Raises ``ValueError`` for an invalid epoch.
        """
        epoch = _whole("epoch", epoch, 0, LAST_EPOCH)
        self.rewind(epoch)
        self.advance(epoch - self.epoch)
        return self.epoch

    def rewind(self, epoch: int) -> int:
        """Go to the state known nearest to ``epoch`` and not after it, without training.

        Returns the epoch reached. Raises ``ValueError`` for an invalid epoch.
        """
        epoch = _whole("epoch", epoch, 0, LAST_EPOCH)
        states = self._marked | self._keyframes
        known = max(key for key in states if key <= epoch)
        if epoch < self.epoch or known > self.epoch:
            self._take_points(known)
            self._descent.load(states[known])
            self.epoch = known
            self.diverged = None
            self._settings = _settings_at(self.recipe, known)
        return self.epoch

    def mark(self) -> None:
        """Keep this epoch's state for a while, so that it is quick to go back to."""
        self._marked.pop(self.epoch, None)
        self._marked[self.epoch] = self._descent.state.copy()
        most = min(MOST_MARKED, self.keyframe_bytes // (8 * self._descent.state.nbytes))
        while len(self._marked) > most:
            del self._marked[next(iter(self._marked))]

    def edit(self, field: str, value: Any, at: tuple[int, int, int] | None = None) -> None:
        """Change a live field, or the weight ``at`` (layer, row, column), from this epoch on.

        For the field ``points`` the value is a stroke, see :mod:`nnviz.recipe.strokes`. Edits and
        states after this epoch are discarded. Raises ``RecipeError``.
        """
        edit = Edit(self.epoch, field, value, at)
        self.recipe = self.recipe.with_edit(edit)
        self._edit_epochs = {edit.epoch for edit in self.recipe.edits}
        self._keyframes = {key: state for key, state in self._keyframes.items() if key < self.epoch}
        self._marked = {key: state for key, state in self._marked.items() if key < self.epoch}
        self.diverged = None
        with np.errstate(all="ignore"):
            self._arrive(edits=(edit,))

    # --- one epoch --------------------------------------------------------------------

    def _room_to_stride(self) -> int:
        """Epochs until the next keyframe, edit or end of the run."""
        if self.epoch in self._edit_epochs:
            return 1
        stops = [self.epoch - self.epoch % self._spacing + self._spacing, LAST_EPOCH]
        stops += [epoch for epoch in self._edit_epochs if epoch > self.epoch]
        return min(min(stops) - self.epoch, self._descent.longest)

    def _stride(self, epochs: int) -> Work[int]:
        self._before[:] = self._descent.state
        seeds = [self._shuffle_seed(self.epoch + i) for i in range(epochs)]
        try:
            rows = yield from self._descent.training(self._settings, seeds)
        except GeneratorExit:  # called off
            self._descent.load(self._before)
            raise
        if not self._descent.is_finite(rows):
            self._descent.load(self._before)
            if epochs > 1:
                return (yield from self._stride(epochs // 2))
            self.diverged = _why_diverged(self.recipe, self._settings, self.epoch + 1)
            return 0
        self._history.put(self.epoch + 1, rows)
        self.epoch += epochs
        if self.epoch in self._edit_epochs:
            self._arrive(self._edited_here())
        elif self.epoch % self._spacing == 0:
            self._keep()
        return epochs

    def _shuffle_seed(self, epoch: int) -> tuple[int, int, int]:
        """The seed of the order of the samples in the epoch after ``epoch``."""
        return self.recipe.seed, SHUFFLE, epoch

    def _arrive(self, edits: tuple[Edit, ...] | None = None) -> None:
        """Apply the edits due at this epoch, then record its metrics and keep its state."""
        self._take_points(self.epoch)
        for edit in self._edited_here() if edits is None else edits:
            if edit.field == WEIGHT and edit.at is not None:
                self._descent.set_weight(*edit.at, edit.value)
            elif edit.field == "optimiser":
                self._descent.forget()
        self._settings = _settings_at(self.recipe, self.epoch)
        self._history.put(self.epoch, np.array([self._descent.evaluate()]))
        self._keep()

    def _take_points(self, epoch: int) -> None:
        """Train on the points of ``epoch`` from here on, with weights and memory as they are."""
        strokes = _strokes_at(self.recipe, epoch)
        if strokes == self._strokes:
            return
        recipe, before = self.recipe, self._descent
        self.dataset = points_at(recipe, self._initial, strokes)
        self._strokes = strokes
        self._descent = _descent_of(recipe, before.weights, self.dataset, self.preparation)
        self._descent.load(before.state)

    def _edited_here(self) -> tuple[Edit, ...]:
        return tuple(edit for edit in self.recipe.edits if edit.epoch == self.epoch)

    def _keep(self) -> None:
        self._keyframes[self.epoch] = self._descent.state.copy()
        most = max(4, min(MOST_KEYFRAMES, self.keyframe_bytes // self._descent.state.nbytes))
        while len(self._keyframes) > most:  # keep every other one, and the start
            self._spacing *= 2
            kept = {key: s for key, s in self._keyframes.items() if key % self._spacing == 0}
            self._keyframes = kept


# --- requested epochs ----------------------------------------------------------------


def _whole(name: str, value: Any, low: int, high: int | None = None) -> int:
    """A whole number of any integer type, NumPy's too, as an ``int``; else ``ValueError``."""
    rule = f"{low} or more" if high is None else f"{low}…{high}"
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        message = f"{name} must be a whole number {rule}; got {short_text(to_python(value))}"
        raise ValueError(message) from None
    if number < low or (high is not None and number > high):
        raise ValueError(f"{name} must be {rule}; got {short_text(number)}")
    return number


# --- from a recipe --------------------------------------------------------------------


def dataset_of(recipe: Recipe) -> Dataset:
    """The samples of a recipe's run, split as its trainer splits them; nothing is trained."""
    return make_dataset(
        recipe.source,
        features=recipe.features or recipe.source.features,
        n_samples=recipe.samples,
        n_classes=recipe.n_classes,
        noise=recipe.noise,
        test_share=recipe.test_share,
        data_rng=np.random.default_rng((recipe.data_seed, DATA)),
        split_rng=np.random.default_rng((recipe.data_seed, SPLIT)),
    )


def _descent_of(
    recipe: Recipe, weights: list[NDArray[Any]], dataset: Dataset, preparation: Preparation
) -> Descent:
    return Descent(
        weights=weights,
        activation=ACTIVATIONS[recipe.activation],
        output=OUTPUTS[recipe.output],
        inputs=preparation.columns(np.concatenate([dataset.train, dataset.test])),
        labels=np.concatenate([dataset.train_labels, dataset.test_labels]),
        n_train=len(dataset.train),
        n_classes=recipe.n_classes,
    )


def points_at(recipe: Recipe, initial: Dataset, strokes: Sequence[str]) -> Dataset:
    """The samples of a run after these strokes; ``initial`` are those of :func:`dataset_of`."""
    return drawn(initial, strokes, recipe.test_share, (recipe.data_seed, DRAWN))


def _strokes_at(recipe: Recipe, epoch: int) -> tuple[str, ...]:
    """The strokes made up to an epoch, in order."""
    return tuple(e.value for e in recipe.edits if e.field == POINTS and e.epoch <= epoch)


def _settings_at(recipe: Recipe, epoch: int) -> Settings:
    settings = recipe.settings_at(epoch)
    return Settings(**settings | {"optimiser": OPTIMISERS[settings["optimiser"]]})


def _why_diverged(recipe: Recipe, settings: Settings, epoch: int) -> str:
    activation = ACTIVATIONS[recipe.activation]
    cause = f"the learning rate {settings.learning_rate:g} is probably too large"
    if recipe.hidden and not activation.bounded:
        cause += f" for {activation.label}, whose values have no upper limit"
    if settings.learning_rate * settings.l2 > 2:  # the step then overshoots 0, further each time
        cause = f"the learning rate {settings.learning_rate:g} times L2 {settings.l2:g} is above 2"
    return f"The loss is no longer finite at epoch {epoch}: {cause}."
