"""The operations on a run, each with its fields; :mod:`.session` answers them."""

from __future__ import annotations

from ..analysis.field import RESOLUTION
from ..recipe.kinds import Choice, Flag, Integer, IntegerChoice, Kind, Numbers, OrNone
from ..recipe.look import LOOK_FIELDS
from ..recipe.recipe import LAST_EPOCH, MOST_SAMPLES
from ..training.starts import COUNTS, VARIED
from .requests import (
    MOST_MESSAGE,
    MOST_UNITS,
    Anything,
    KnownRuns,
    Operation,
    RecipeOrLink,
    Text,
    Windows,
)

MOST_EPOCHS = 1000  # epochs per request

# fields of every request that returns a frame. Layers are counted from 0, the inputs; units from 0.
# All but ``since``, ``probe``, ``steps`` and ``health`` have an effect only with ``picture``
PICTURE_FIELDS: dict[str, Kind] = {
    "since": OrNone(
        default=0,
        kind=Integer(default=0, low=0, high=LAST_EPOCH + 1, label="Since", help="An epoch."),
        label="Since",
        help="History rows from this epoch on; null: of the epochs that this request trains.",
    ),
    "probe": LOOK_FIELDS["probe"],
    "health": Flag(
        default=False, label="Health", help="Return a warning if a hidden layer hardly learns."
    ),
    "picture": Flag(default=True, label="Picture", help="Return field and boundary."),
    "data": Text(
        default="", most=64, label="Data",
        help="The name of the points that are known: others are returned with their name.",
    ),
    "threshold": LOOK_FIELDS["threshold"],
    "predicted": Flag(default=False, label="Predicted", help="Return the predicted classes."),
    "unit": LOOK_FIELDS["unit"],
    "network": Windows(
        default=None, label="Network",
        help="[first, number] per layer: return these units' maps and the weights between them.",
    ),
    "steps": Integer(
        default=0, low=0, high=MOST_SAMPLES, label="Steps",
        help="Show a perceptron after so many steps of the next epoch, and the last one's samples.",
    ),
    "space": Numbers(
        default=None, count=3, low=0, high=MOST_UNITS - 1, whole=True, label="Space",
        help="[layer, unit, unit]: return the plane in the coordinates of these two units.",
    ),
    "starts": OrNone(
        default=None, label="Starts", help="Return so many runs with other seeds, too.",
        kind=IntegerChoice(default=9, options=COUNTS, label="Starts", help="How many."),
    ),
    "varied": Choice(default="seed", table=VARIED, label="Varied", help="The seed of the starts."),
    "compared": Text(
        default=None, optional=True, most=64, label="Compared",
        help="Return the runs side by side, too, if that is the name of their list.",
    ),
    "known": KnownRuns(default=(), label="Known", help="What is known of the runs side by side."),
}  # fmt: skip


MOST_SIDE = 800  # grid points along a side of the finest picture

# fields of a request for a part of the picture on a finer grid
DETAIL_FIELDS: dict[str, Kind] = {
    "size": Numbers(
        default=(RESOLUTION, RESOLUTION), low=2, high=MOST_SIDE, whole=True, label="Size",
        help="Columns and rows of the grid.",
    ),
    "first": Integer(default=0, low=0, high=MOST_SIDE - 1, label="First", help="Row to begin at."),
    **{name: PICTURE_FIELDS[name] for name in ("threshold", "unit", "space")},
}  # fmt: skip


_EPOCH_HELP = "Go there first; where that takes too long, do nothing else."
EPOCH = OrNone(
    default=None,
    kind=Integer(default=None, low=0, high=LAST_EPOCH, label="Epoch", help=_EPOCH_HELP),
    label="Epoch",
    help=_EPOCH_HELP,
)

_KEPT_HELP = "Begin near there, if the run was side by side with the one before, and got so far."

OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(
            "open", "Start a run at epoch 0. The default probe is the middle of the plane.",
            {"recipe": RecipeOrLink(default=None, label="Recipe", help="JSON or a link's query."),
             "epoch": OrNone(
                 default=None,
                 kind=Integer(default=None, low=0, high=LAST_EPOCH, label="Epoch", help=_KEPT_HELP),
                 label="Epoch", help=_KEPT_HELP,
             ),
             **PICTURE_FIELDS},
            needs_run=False, most_length=MOST_MESSAGE,
        ),
        Operation(
            "frame", "Train more epochs.",
            {"epochs": Integer(default=0, low=0, high=MOST_EPOCHS, label="Epochs",
                               help="How many to train; fewer if they take too long."),
             "epoch": EPOCH, **PICTURE_FIELDS},
            is_measured=True, is_passing=True,
        ),
        Operation(
            "seek", "Go to an epoch, or towards it.",
            {"epoch": Integer(default=None, low=0, high=LAST_EPOCH, label="Epoch",
                              help="The epoch to go to."),
             "onward": Flag(default=False, label="Onward",
                            help="Return no picture if the run was there before."),
             **PICTURE_FIELDS},
            is_passing=True,
        ),
        Operation(
            "edit", "Change a setting or a weight from this epoch on.",
            {"field": Text(default=None, label="Field", help="A live field, or weight."),
             "value": Anything(default=None, label="Value", help="Its new value."),
             "at": Anything(default=None, label="At", help="Layer, row and column of a weight."),
             "epoch": EPOCH, **PICTURE_FIELDS},
        ),
        Operation(
            "compare", "Name the runs side by side with this one; pictures name their list.",
            {"key": Text(default=None, most=64, label="Key", help="The name of their list."),
             "beside": LOOK_FIELDS["beside"]},
            most_length=MOST_MESSAGE,
        ),
        Operation(
            "detail", "Return rows of the picture on a finer grid, as many as take a few ms.",
            DETAIL_FIELDS, is_measured=True, yields=True,
        ),
        Operation(
            "export", "Return a file of the run; exports.EXPORTS lists the fields.",
            {"epoch": EPOCH, "compared": PICTURE_FIELDS["compared"]}, exports=True,
        ),
    )
}  # fmt: skip
