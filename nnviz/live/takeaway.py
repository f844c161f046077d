"""What a browser can take away of the run it has open, at the epoch where that is.

A request ``{"op": "take", "what": …}`` names one of ``TAKES``; see there for what else it holds.
What can't be had is answered with a ``problem`` in words, and the run goes on.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from ..export import animation, pictures, tables
from ..export.pictures import PICTURES, Shot
from ..export.snapshot import Snapshot
from ..fields import shortly
from ..figures import EYE
from ..palette import THEMES
from ..programs import FLAVOURS, NotExpressible, differences, program
from ..views import PARTS, VIEWS, Look
from .requests import RequestError, flag, places, point, share, text, whole

Header = dict[str, Any]

SIDES = (200, 4000)  # pixels a picture may have along a side
MOST_CAPTION = 500  # characters
MOST_LINK = 2900  # bytes; what a QR code can hold


def take(snapshot: Snapshot, request: Mapping[str, Any]) -> tuple[Header, bytes]:
    """Header and file; raises :class:`RequestError` for a request nobody should send."""
    what = text(request, "what")
    if what not in TAKES:
        raise RequestError(f"what must be one of {', '.join(TAKES)}; got {shortly(what)}")
    snapshot.look, snapshot.probe = look_of(request, snapshot), point(request.get("probe"))
    try:
        header, file = TAKES[what](snapshot, request)
    except NotExpressible as error:
        header, file = {"problem": str(error)}, b""
    return {"type": "taken", "what": what, **header}, file


def look_of(request: Mapping[str, Any], snapshot: Snapshot) -> Look:
    """The ``look`` of a request: what the stage shows of the plane, by the same names."""
    wanted = request.get("look", {})
    if not isinstance(wanted, Mapping):
        raise RequestError(f"look must be an object; got {shortly(wanted)}")
    first = Look()
    view = _one_of(wanted, "view", VIEWS, first.view)
    if VIEWS[view].pair and snapshot.network.n_classes != 2:
        raise RequestError(f"view must be one for {snapshot.network.n_classes} classes; got {view}")
    return Look(
        view=view,
        klass=whole(wanted, "klass", 0, snapshot.network.n_classes - 1, default=first.klass),
        threshold=share(wanted.get("threshold", first.threshold)),
        rings=flag(wanted, "rings", first.rings),
        parts=_one_of(wanted, "parts", PARTS, first.parts),
        unit=_unit(wanted, snapshot),
    )


def theme_of(request: Mapping[str, Any]) -> str:
    return _one_of(request, "theme", THEMES, "light")


def size_of(request: Mapping[str, Any], default: tuple[int, int]) -> tuple[int, int]:
    """Width and height in pixels."""
    size = request.get("size")
    if size is None:
        return default
    low, high = SIDES
    if (
        not isinstance(size, (list, tuple)) or len(size) != 2
        or not all(type(side) is int and low <= side <= high for side in size)
    ):  # fmt: skip
        raise RequestError(f"size must be two whole numbers {low}…{high}; got {shortly(size)}")
    return size[0], size[1]


# --- pictures -------------------------------------------------------------------------


def _picture(snapshot: Snapshot, request: Mapping[str, Any]) -> tuple[Header, bytes]:
    name = _one_of(request, "picture", PICTURES, "boundary")
    caption = request.get("caption")
    if caption is not None and (not isinstance(caption, str) or len(caption) > MOST_CAPTION):
        raise RequestError(
            f"caption must be a text of {MOST_CAPTION} characters at most; got {shortly(caption)}"
        )
    size = size_of(request, PICTURES[name].size)
    shot = Shot(
        look=snapshot.look, probe=snapshot.probe, size=size, theme=theme_of(request),
        caption=caption, log_loss=flag(request, "log_loss", False),
        log_epochs=flag(request, "log_epochs", False), eye=_eye(request.get("eye")),
    )  # fmt: skip
    figure = pictures.picture(snapshot, name, shot)
    stem = snapshot.moment.name + ("" if name == "boundary" else f"-{name}")
    header = {
        "name": f"{stem}.json", "mime": "application/json", "size": size,
        "caption": pictures.caption_of(snapshot, name, snapshot.look),
    }  # fmt: skip
    return header, figure.to_json().encode()


def _layer(snapshot: Snapshot, request: Mapping[str, Any]) -> tuple[Header, bytes]:
    plan = animation.Plan(
        size=request.get("size", animation.Plan().size), theme=theme_of(request),
        look=snapshot.look, caption=flag(request, "caption", True),
    )  # fmt: skip
    figure = animation.layer(snapshot, plan)
    return {"mime": "application/json", "size": plan.size}, figure.to_json().encode()


# --- files ----------------------------------------------------------------------------


def _table(name: str) -> Take:
    table = tables.TABLES[name]

    def make(snapshot: Snapshot, request: Mapping[str, Any]) -> tuple[Header, bytes]:
        return {"name": table.file_name(snapshot.moment), "mime": table.mime}, table.make(snapshot)

    return make


def _program(name: str) -> Take:
    def make(snapshot: Snapshot, request: Mapping[str, Any]) -> tuple[Header, bytes]:
        script = program(snapshot.recipe, snapshot.epoch, name)
        header = {
            "name": f"{snapshot.moment.name}-{name}.py", "mime": "text/x-python",
            "differences": differences(snapshot.recipe, snapshot.epoch, name),
        }  # fmt: skip
        return header, script.encode()

    return make


# --- links ----------------------------------------------------------------------------


def _link(snapshot: Snapshot, request: Mapping[str, Any]) -> tuple[Header, bytes]:
    return {"query": snapshot.moment.to_query()}, b""


def _qr(snapshot: Snapshot, request: Mapping[str, Any]) -> tuple[Header, bytes]:
    import segno

    link = text(request, "text")
    try:
        link.encode()
    except UnicodeEncodeError:  # half of a pair that stands for one letter
        raise RequestError("text must be one that can be written in UTF-8") from None
    if len(link.encode()) > MOST_LINK:
        words = (
            f"The link has {len(link.encode())} bytes, and a QR code holds {MOST_LINK}: "
            "send the link, or save the experiment as a file."
        )
        return {"problem": words}, b""
    file = io.BytesIO()
    # its own light ground, so that cameras read it on a dark page too
    segno.make(link, error="l", micro=False).save(
        file, kind="svg", xmldecl=False, omitsize=True, light="#fff", border=4
    )
    return {"name": f"{snapshot.moment.name}-qr.svg", "mime": "image/svg+xml"}, file.getvalue()


Take = Callable[[Snapshot, Mapping[str, Any]], tuple[Header, bytes]]

TAKES: dict[str, Take] = {
    "picture": _picture,
    "layer": _layer,
    **{name: _table(name) for name in tables.TABLES},
    **{name: _program(name) for name in FLAVOURS},
    "link": _link,
    "qr": _qr,
}


# --- reading --------------------------------------------------------------------------


def _one_of(request: Mapping[str, Any], name: str, table: Any, default: str) -> str:
    value = request.get(name, default)
    if not isinstance(value, str) or value not in table:
        raise RequestError(f"{name} must be one of {', '.join(table)}; got {shortly(value)}")
    return value


def _eye(value: Any) -> tuple[float, float, float]:
    """Where the camera of a surface stands, in Plotly's units."""
    if value is None:
        return EYE
    fits = isinstance(value, (list, tuple)) and len(value) == 3
    if not fits or not all(type(n) in (int, float) and abs(n) < 100 for n in value):
        raise RequestError(f"eye must be three numbers below 100; got {shortly(value)}")
    return tuple(value)


def _unit(wanted: Mapping[str, Any], snapshot: Snapshot) -> tuple[int, int] | None:
    unit = places(wanted, "unit", 2)
    if unit is None:
        return None
    sizes = snapshot.network.sizes
    if unit[0] >= len(sizes) or unit[1] >= sizes[unit[0]]:
        raise RequestError(
            f"unit must be one of layers of {list(sizes)} units; got {shortly(list(unit))}"
        )
    return unit[0], unit[1]
