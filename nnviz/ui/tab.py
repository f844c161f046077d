"""What the browser's tab keeps for a reload: what no link holds, and the name of its sweep.

The component of :mod:`.own_data` carries it to the browser and back, see ``stage/host/kept.js``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

from ..recipe.table import DIGEST
from . import pending

KEY = "own_data"  # of the component
MESSAGES = ("upload", "kept")  # that it sends: a file, and what the tab has kept
SWEEP = f"sweep{DIGEST}"  # stands for the name of the sweep
_NAME, _TAKEN = "tab_sweep", "tab_taken"  # in the session


def keep_sweep(name: str) -> None:
    """Have the name of a sweep kept; "" for none."""
    st.session_state[_NAME] = name


def has_message() -> bool:
    """Whether a message of the browser started this run of the script, be it a repeated one."""
    field = st.session_state.get(KEY)
    return any(getattr(field, name, None) is not None for name in MESSAGES)


@contextmanager
def sent(name: str) -> Iterator[tuple[Any, int]]:
    """What the browser has just sent under a name, and its number; None if nothing new.

    It counts as taken at the end of the block. A run of the script that is broken off before has
    not taken it, and the browser sends it once more.
    """
    taken = st.session_state.get(_TAKEN, {})
    message = getattr(st.session_state.get(KEY), name, None)
    number = message.get("number") if isinstance(message, Mapping) else None
    if not isinstance(number, int) or number <= taken.get(name, 0):
        yield None, 0
        return
    assert isinstance(message, Mapping)
    yield message.get("value"), number
    st.session_state[_TAKEN] = {**taken, name: number}


def restored_sweep() -> str | None:
    """The name of a sweep that the browser has just brought."""
    return str(pending.of_session().brought.get(SWEEP) or "") or None


def restored(params: Mapping[str, str], known: Collection[str]) -> dict[str, str] | None:
    """The query of a link, once the browser has brought what is too long for it.

    ``params`` are those of the link; they are kept until then, unless all of it is ``known``.
    """
    waiting = pending.of_session()
    if (missing := _unlinked(params)) and not missing <= set(known):
        waiting.wanted = dict(params)
    if not _unlinked(waiting.wanted) & waiting.brought.keys():
        return None
    waiting.is_restored = True
    return {name: str(waiting.brought.get(text, text)) for name, text in waiting.wanted.items()}


def message(unlinked: Mapping[str, str]) -> dict[str, Any]:
    """For the component: what the browser is to keep, and what it is to bring back if it can.

    ``unlinked`` are whole texts, by what a link has in their place. ``taken`` are the numbers of
    the last messages taken from it.
    """
    named = {SWEEP: st.session_state[_NAME]} if _NAME in st.session_state else {}
    return {
        "kept": {**unlinked, **named},
        "wanted": sorted(_unlinked(pending.of_session().wanted) | {SWEEP}),
        "taken": st.session_state.get(_TAKEN, {}),
    }


def _unlinked(params: Mapping[str, str]) -> set[str]:
    """The values of a query that stand for what is too long for a link."""
    texts = map(params.get, ("data", "edits", "beside"))
    return {text for text in texts if text and DIGEST in text}
