"""The trainer: a run as a function of its recipe, at any epoch, forwards and backwards."""

from __future__ import annotations

import operator
from collections.abc import Callable
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
from ..recipe.edits import WEIGHT, Edit
from ..recipe.kinds import to_python
from ..recipe.recipe import LAST_EPOCH, Recipe
from .descent import Descent, Settings, Step, Walk
from .network import Network
from .pieces import Work, done, pausing

# each purpose has its own stream of random numbers, so changing one leaves the others
DATA, SPLIT, INIT, SHUFFLE = range(4)

METRICS = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")

MOST_KEYFRAMES = 64
KEYFRAME_BYTES = 8_000_000  # all keyframes of one trainer together


class Trainer:
    """Trains the network of a recipe; equal recipes and epochs give bit-identical states.

    ``epoch`` counts trained epochs from 0. ``recipe`` includes the edits made so far.
    ``diverged`` is None, or a sentence on why the run cannot go past this epoch.
    ``keyframe_bytes`` is the memory for states to go back to, ``KEYFRAME_BYTES`` if None.
    """

    def __init__(self, recipe: Recipe, keyframe_bytes: int | None = None):
        self.recipe = recipe
        self._keyframe_bytes = KEYFRAME_BYTES if keyframe_bytes is None else keyframe_bytes
        self.dataset = dataset_of(recipe)
        self.preparation = Preparation.fit(self.dataset.train, recipe.inputs, recipe.standardise)
        self._descent = _descent_of(recipe, self.dataset, self.preparation)
        self._edit_epochs = {edit.epoch for edit in recipe.edits}
        self.epoch = 0
        self.diverged: str | None = None
        self._rows = np.empty((256, len(METRICS)))
        self._keyframes: dict[int, NDArray[np.float64]] = {}
        self._spacing = 20  # epochs between keyframes
        self._before = np.empty_like(self._descent.state)
        with np.errstate(all="ignore"):
            self._arrive()

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: what training changes is copied, so each goes its own way."""
        return vars(self) | {
            "_descent": copy(self._descent),
            "_rows": self._rows.copy(),
            "_keyframes": dict(self._keyframes),
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
        rows = self._rows[: self.epoch + 1].copy()
        return rows.view(dtype=[(name, np.float64) for name in METRICS])[:, 0].view(np.recarray)

    def rows(self, start: int) -> NDArray[np.float64]:
        """History from epoch ``start`` on as ``(n, 4)``, in the order of ``METRICS``.

        A view; copy it before training on.
        """
        return self._rows[start : self.epoch + 1]

    @property
    def finished(self) -> bool:
        """Whether the run cannot go on: diverged, or at its last epoch."""
        return self.diverged is not None or self.epoch >= LAST_EPOCH

    def step_with(self, sample: int) -> Step:
        """The step of the next epoch in which training ``sample``, from 0, takes part.

        It is really trained, and the run is left as it was. In a run that diverges here, its
        numbers may be infinite or NaN. Raises ``ValueError`` for a sample that is not there.
        """
        sample = _whole("sample", sample, 0, len(self.dataset.train) - 1)
        with np.errstate(all="ignore"):
            return self._descent.step_with(sample, self._settings, self._shuffle_seed(self.epoch))

    @property
    def corrections(self) -> int | None:
        """Wrong samples that a perceptron has been corrected by so far; None for other outputs."""
        return self._descent.corrections

    def walk(self) -> Walk:
        """All steps of the next epoch; it is really trained, and the run is left as it was."""
        with np.errstate(all="ignore"):
            return self._descent.walk(self._settings, self._shuffle_seed(self.epoch))

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

        Meanwhile nothing else may be asked of the trainer. If it is called off, the run is as it
        was before. Raises ``ValueError`` for what is no whole number, or below 1.
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
        known = max(key for key in self._keyframes if key <= epoch)
        if epoch < self.epoch or known > self.epoch:
            self._descent.load(self._keyframes[known])
            self.epoch = known
            self.diverged = None
            self._settings = _settings_at(self.recipe, known)
        return self.epoch

    def edit(self, field: str, value: Any, at: tuple[int, int, int] | None = None) -> None:
        """Change a live field, or the weight ``at`` (layer, row, column), from this epoch on.

        Edits and states after this epoch are discarded. Raises ``RecipeError``.
        """
        edit = Edit(self.epoch, field, value, at)
        self.recipe = self.recipe.with_edit(edit)
        self._edit_epochs = {edit.epoch for edit in self.recipe.edits}
        self._keyframes = {key: state for key, state in self._keyframes.items() if key < self.epoch}
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
        self._record(rows)
        self.epoch += epochs
        if self.epoch in self._edit_epochs:
            self._arrive(self._edited_here())
        elif self.epoch % self._spacing == 0:
            self._keep()
        return epochs

    def _shuffle_seed(self, epoch: int) -> tuple[int, int, int]:
        """What decides the order of the samples in the epoch after ``epoch``."""
        return self.recipe.seed, SHUFFLE, epoch

    def _arrive(self, edits: tuple[Edit, ...] | None = None) -> None:
        """Apply the edits due at this epoch, then record and keep what comes of them."""
        for edit in self._edited_here() if edits is None else edits:
            if edit.field == WEIGHT and edit.at is not None:
                self._descent.set_weight(*edit.at, edit.value)
            elif edit.field == "optimiser":
                self._descent.forget()
        self._settings = _settings_at(self.recipe, self.epoch)
        self._rows[self.epoch] = self._descent.evaluate()
        self._keep()

    def _edited_here(self) -> tuple[Edit, ...]:
        return tuple(edit for edit in self.recipe.edits if edit.epoch == self.epoch)

    def _record(self, rows: NDArray[np.float64]) -> None:
        """Write ``rows`` of metrics for the epochs after this one."""
        start, stop = self.epoch + 1, self.epoch + 1 + len(rows)
        while stop > len(self._rows):
            grown = np.empty((2 * len(self._rows), len(METRICS)))
            grown[: len(self._rows)] = self._rows
            self._rows = grown
        self._rows[start:stop] = rows

    def _keep(self) -> None:
        self._keyframes[self.epoch] = self._descent.state.copy()
        most = max(4, min(MOST_KEYFRAMES, self._keyframe_bytes // self._descent.state.nbytes))
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


def _descent_of(recipe: Recipe, dataset: Dataset, preparation: Preparation) -> Descent:
    rng = np.random.default_rng((recipe.seed, INIT))
    return Descent(
        weights=initial_weights(INITIALISERS[recipe.init], rng, recipe.sizes),
        activation=ACTIVATIONS[recipe.activation],
        output=OUTPUTS[recipe.output],
        inputs=preparation.columns(np.concatenate([dataset.train, dataset.test])),
        labels=np.concatenate([dataset.train_labels, dataset.test_labels]),
        n_train=len(dataset.train),
        n_classes=recipe.n_classes,
    )


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
