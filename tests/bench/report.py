"""How a figure is printed."""

from __future__ import annotations


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
