"""What the browser's tab keeps for a reload: what no link holds, and the name of its sweep.

The component of :mod:`.own_data` carries it to the browser and back, see ``stage/host/kept.js``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from ..recipe.table import DIGEST

KEY = "own_data"  # of the component
SWEEP = f"sweep{DIGEST}"  # stands for the name of the sweep
_WANTED, _NAME = "tab_wanted", "tab_sweep"  # in the session


def keep_sweep(name: str) -> None:
    """Have the name of a sweep kept; "" for none."""
    st.session_state[_NAME] = name


def restored_sweep() -> str | None:
    """The name of a sweep that the browser has just brought."""
    return str(_brought().get(SWEEP) or "") or None


def restored(params: Mapping[str, str], known: Collection[str]) -> dict[str, str] | None:
    """The query of a link, once the browser has brought what is too long for it.

    ``params`` are those of the link; they are kept until then, unless all of it is ``known``.
    """
    if (missing := _unlinked(params)) and not missing <= set(known):
        st.session_state[_WANTED] = dict(params)
    kept, wanted = _brought(), st.session_state.get(_WANTED)
    if not wanted or not _unlinked(wanted) & kept.keys():
        return None
    del st.session_state[_WANTED]
    return {name: str(kept.get(text, text)) for name, text in wanted.items()}


def message(unlinked: Mapping[str, str]) -> dict[str, Any]:
    """For the component: what the browser is to keep, and what it is to bring back if it can.

    ``unlinked`` are whole texts, by what a link has in their place.
    """
    named = {SWEEP: st.session_state[_NAME]} if _NAME in st.session_state else {}
    return {
        "kept": {**unlinked, **named},
        "wanted": sorted(_unlinked(st.session_state.get(_WANTED, {})) | {SWEEP}),
    }


def _brought() -> Mapping[str, Any]:
    kept = getattr(st.session_state.get(KEY), "kept", None)
    return kept if isinstance(kept, Mapping) else {}


def _unlinked(params: Mapping[str, str]) -> set[str]:
    """The values of a query that stand for what is too long for a link."""
    texts = map(params.get, ("data", "edits", "beside"))
    return {text for text in texts if text and DIGEST in text}
