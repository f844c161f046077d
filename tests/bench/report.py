"""How a figure is printed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def say(what: str, measured: float, promised: float, unit: str = "", at_least: bool = True) -> None:
    kept = measured >= promised if at_least else measured <= promised
    sign = "≥" if at_least else "≤"
    verdict = "ok" if kept else "SHORT"
    print(
        f"{what:<66} {measured:9.3g} {unit:<4} (promised {sign} {promised:g})  {verdict}",
        flush=True,
    )


def note(text: str) -> None:
    print(f"  {text}", flush=True)


@contextmanager
def stolen() -> Iterator[None]:
    """Say afterwards how much of the processors a virtual machine's host took away meanwhile."""
    before = _ticks()
    yield
    after = _ticks()
    if before and after:
        spent = [b - a for a, b in zip(before, after, strict=True)]
        busy = sum(spent) - spent[3] - spent[4]  # without idle and waiting for input
        note(
            f"of the processor time asked for, the host took {100 * spent[7] / max(busy, 1):.0f} %"
        )


def _ticks() -> list[int]:
    """user, nice, system, idle, iowait, irq, softirq, steal of all processors, where known."""
    stat = Path("/proc/stat")
    return list(map(int, stat.read_text().split("\n")[0].split()[1:9])) if stat.exists() else []
