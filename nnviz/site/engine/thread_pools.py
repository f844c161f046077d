"""The package threadpoolctl, as far as sweeps use it: linear algebra here has one thread anyway."""

from __future__ import annotations

import sys


def stand_in() -> None:
    """Replace ``threadpoolctl`` for all later imports."""
    sys.modules["threadpoolctl"] = sys.modules[__name__]


class ThreadpoolController:
    """There is nothing to limit."""

    def limit(self, **_limits: object) -> ThreadpoolController:
        return self

    def restore_original_limits(self) -> None:
        pass
