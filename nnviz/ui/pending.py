"""What the user has done and the page's state does not hold yet.

Streamlit may break off a run of the script wherever it draws or looks into ``st.session_state``,
and starts the next one with the values that the browser had then. So what is seen only once (a
press of a button, a message of the browser) waits here until a run has stored the state with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from ..recipe.table import Table

_KEY = "pending"  # in the session


@dataclass
class Pending:
    """A plain object: nothing breaks off a run while it changes.

    ``point`` is the training point chosen by a button, counted from 0; ``table`` has been accepted.
    ``wanted`` is the query of a link that names texts which it does not hold, and ``brought`` are
    texts that the browser has brought, by what a link has instead.
    """

    point: int | None = None
    table: Table | None = None
    wanted: Mapping[str, str] = field(default_factory=dict)
    brought: Mapping[str, str] = field(default_factory=dict)
    is_restored: bool = False  # the link, with what was brought

    def clear(self) -> None:
        """Forget what the state just stored holds."""
        self.point = self.table = None
        self.brought = {}
        if self.is_restored:
            self.wanted, self.is_restored = {}, False


def of_session() -> Pending:
    """Those of this visitor."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Pending()
    return st.session_state[_KEY]
