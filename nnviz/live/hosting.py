"""The options of a server: its limits, and who may access what.

Each option is an environment variable, ``NNVIZ_SOCKETS`` for ``sockets``, and an option of ``nnviz
open``, ``--sockets``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from ..problems import Problem, RecipeError, field_error
from ..recipe.kinds import Flag, Integer, Kind, check_fields

PREFIX = "NNVIZ_"


@dataclass(frozen=True, kw_only=True)
class Limit(Integer):
    """The most of something; a visitor is shown ``sentence`` when it is reached.

    The sentence is the reason of a WebSocket's close frame, which holds 123 bytes.
    """

    sentence: str


@dataclass(frozen=True, kw_only=True)
class Patterns(Kind):
    """Texts separated by commas, each of which ``pattern`` matches; ``rule`` describes them."""

    pattern: str
    rule: str

    def _checked(self, name: str, value: Any) -> tuple[str, ...]:
        parts = value if isinstance(value, tuple) else ()
        if not parts or not all(re.fullmatch(self.pattern, part) for part in parts):
            raise field_error(name, self.rule, self.write(parts))
        return parts

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(part for part in map(str.strip, text.split(",")) if part)

    def write(self, value: tuple[str, ...]) -> str:
        return ",".join(value)


# a visitor has two sockets, the stage's and the page's. A class of sixty behind the address of its
# school fits, with the largest networks too
OPTIONS: dict[str, Kind] = {
    "sockets": Limit(
        default=600, low=1, high=100_000, label="Sockets",
        help="Connections at a time; a visitor has two.",
        sentence="The server has {limit} connections, and takes no more. Trying again by itself.",
    ),
    "sockets_per_address": Limit(
        default=300, low=1, high=100_000, label="Sockets per address",
        help="Connections of one network address; a whole school may have one.",
        sentence="Your network has {limit} connections to the server, its limit. "
        "Trying again by itself.",
    ),
    "memory": Limit(
        default=1500, low=1, high=1_000_000, label="Memory",
        help="MB for all runs together, as estimated from their networks and data.",
        sentence="The {limit} MB for runs on the server are in use. Trying again; "
        "a smaller network may fit.",
    ),
    "animations": Limit(
        default=16, low=1, high=1000, label="Animations",
        help="Animations that are being made or wait for it.",
        sentence="{limit} animations are being made or wait already. Try again in a minute.",
    ),
    "animations_per_address": Limit(
        default=12, low=1, high=1000, label="Animations per address",
        help="Those of one network address.",
        sentence="{limit} animations of your network are being made or wait already. "
        "Try again in a minute.",
    ),
    "sweeps": Limit(
        default=16, low=1, high=1000, label="Sweeps",
        help="Sweeps that are carried out at a time; a visitor has one.",
        sentence="{limit} sweeps are being carried out already. Try again in a minute.",
    ),
    "sweeps_per_address": Limit(
        default=12, low=1, high=1000, label="Sweeps per address",
        help="Those of one network address.",
        sentence="{limit} sweeps of your network are being carried out already. "
        "Try again in a minute.",
    ),
    "sweep_runs": Integer(
        default=500, low=0, high=1_000_000, label="Runs of a sweep",
        help="Runs of a sweep that a visitor starts; 0 is no bound.",
    ),
    "sweep_seconds": Integer(
        default=300, low=0, high=1_000_000, label="Seconds of a sweep",
        help="Processor time of a sweep that a visitor starts; 0 is no bound.",
    ),
    "workers": Integer(
        default=0, low=0, high=1024, label="Workers",
        help="Processes for runs that take long, and for others where the server is busy; "
        "0 is one for each core.",
    ),
    "header_seconds": Integer(
        default=10, low=1, high=3600, label="Header seconds",
        help="Seconds in which a request's headers have to arrive.",
    ),
    "hosts": Patterns(
        default=("*",), pattern=r"\*|(\*\.)?[\w.-]+|\[[\da-fA-F:.]+\]", label="Hosts",
        rule="names such as nnviz.example or *.example.org, or *",
        help="Names by which the server may be addressed; others are refused (DNS rebinding).",
    ),
    "embedders": Patterns(
        default=("*",), pattern=r"\*|self|none|https?://[\w.*:-]+", label="Embedders",
        rule="addresses such as https://moodle.example, or self, none or *",
        help="Pages that may show this one in a frame.",
    ),
    "metrics": Flag(
        default=False, label="Metrics",
        help="Serve figures at /metrics for Prometheus; needs pip install prometheus-client.",
    ),
}  # fmt: skip


def _default(name: str) -> Any:
    return field(default=OPTIONS[name].default)


@dataclass(frozen=True)
class Hosting:
    """A value for each of ``OPTIONS``; raises :class:`RecipeError` for invalid ones."""

    sockets: int = _default("sockets")
    sockets_per_address: int = _default("sockets_per_address")
    memory: int = _default("memory")
    animations: int = _default("animations")
    animations_per_address: int = _default("animations_per_address")
    sweeps: int = _default("sweeps")
    sweeps_per_address: int = _default("sweeps_per_address")
    sweep_runs: int = _default("sweep_runs")
    sweep_seconds: int = _default("sweep_seconds")
    workers: int = _default("workers")
    header_seconds: int = _default("header_seconds")
    hosts: tuple[str, ...] = _default("hosts")
    embedders: tuple[str, ...] = _default("embedders")
    metrics: bool = _default("metrics")

    def __post_init__(self) -> None:
        problems = check_fields(self, OPTIONS)
        if not problems and self.metrics and not find_spec("prometheus_client"):
            rule = "false without prometheus-client (pip install prometheus-client)"
            problems["metrics"] = Problem("metrics", rule, "true")
        if problems:
            raise RecipeError(*problems.values())

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], **chosen: Any) -> Hosting:
        """The options set in the environment; those in ``chosen`` take precedence."""
        found = {}
        for name, kind in OPTIONS.items():
            variable = PREFIX + name.upper()
            if text := environment.get(variable):
                try:
                    found[name] = kind.check(name, kind.read(text))
                except RecipeError as error:
                    (problem,) = error.problems.values()
                    raise RecipeError(problem.for_field(name, variable)) from None
        return cls(**found | chosen)

    def sentence(self, name: str) -> str:
        """The sentence that a visitor is shown when the limit of this name is reached."""
        limit = OPTIONS[name]
        assert isinstance(limit, Limit)
        return limit.sentence.format(limit=getattr(self, name))
