"""``nnviz open``: start the app on this machine and open a run in the browser."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import webbrowser

from ..live.hosting import OPTIONS, PREFIX, Hosting
from ..problems import RecipeError
from ..recipe.kinds import Integer, Kind
from ..recipe.moment import Moment
from . import output
from .errors import Failure, Misuse
from .options import PlainText
from .parser import Parser, value
from .runs import add_epoch, add_run, moment_of

EXAMPLES = """
    nnviz open
    nnviz open --data iris --hidden 10,4
    nnviz open experiment.nnviz.json
    nnviz open "http://localhost:8501/?data=xor&epoch=300" --no-browser --port 8600
    nnviz open --address 0.0.0.0 --hosts nnviz.example --sockets 200 --no-browser

    The run opens at its epoch, paused. Ctrl-C ends the app.
"""

_HOSTING = f"By default, {PREFIX}SOCKETS and so on in the environment; or else:"
# without a bound where it is one's own browser that is opened
_OWN = {f"{PREFIX}SWEEP_RUNS": "0", f"{PREFIX}SWEEP_SECONDS": "0"}
_FIRST_PORT, _PORTS = 8501, 100
_PORT = Integer(
    default=None, low=1, high=65535, label="Port",
    help=f"Port of the server; the default is the first free one from {_FIRST_PORT} on.",
)  # fmt: skip
_ADDRESS = PlainText(
    default="127.0.0.1", label="Address", metavar="HOST",
    help="Where the server listens; 0.0.0.0 admits other machines on the same network.",
)  # fmt: skip


def add(parser: Parser) -> None:
    add_run(parser)
    add_epoch(parser, default=0)
    parser.field("port", _PORT)
    parser.field("address", _ADDRESS)
    group = parser.add_argument_group("for many visitors", _HOSTING)
    for name, kind in OPTIONS.items():
        parser.field(name, kind, group)
    parser.add_argument("--no-browser", action="store_true", help="Do not open a browser.")


def run(args: argparse.Namespace) -> None:
    moment = moment_of(args, default=0)
    if problem := moment.too_long:
        raise Failure(problem)
    address = value(args, "address", _ADDRESS)
    port = _free_port(address, value(args, "port", _PORT))
    chosen = {name: value(args, name, kind) for name, kind in _given(args).items()}
    try:
        is_own = address == _ADDRESS.default and not args.no_browser
        environment = {**(_OWN if is_own else {}), **os.environ}
        hosting = Hosting.from_environment(environment, **chosen)
    except RecipeError as error:
        raise Misuse(str(error)) from None
    from ..ui import server

    def ready(base: str) -> None:
        url = _url(address, port, base, moment)
        output.notify(f"open at {url} (Ctrl-C ends it)")
        if not args.no_browser and not webbrowser.open(url):
            output.notify("no browser was found: open this address in one")

    try:
        server.serve(address, port, ready, hosting)
    except KeyboardInterrupt:
        output.notify("ended")


def _given(args: argparse.Namespace) -> dict[str, Kind]:
    """The options for many visitors that were given, and are not left to the environment."""
    return {name: kind for name, kind in OPTIONS.items() if getattr(args, name) is not None}


def _free_port(address: str, named: int | None) -> int:
    """The port named, or the first free one; raises :class:`Failure` if there is none."""
    ports = [named] if named else range(_FIRST_PORT, _FIRST_PORT + _PORTS)
    for port in ports:
        try:
            with socket.create_server((address, port), family=_family(address)):
                return port
        except OSError as error:
            why = error
    option = "--port" if named else "--address"
    place = f"{address}, port {named}" if named else address
    raise Failure(f"{option}: cannot listen on {place}: {_reason(why)}")


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _reason(error: OSError) -> str:
    # create_server hides an error of the address's name, whose numbers are not those of the system
    if isinstance(error, socket.gaierror) or isinstance(error.__context__, socket.gaierror):
        return "the name or address is unknown"
    if error.errno == errno.EADDRNOTAVAIL:
        return "it is not an address of this machine"
    return os.strerror(error.errno).lower() if error.errno else str(error).lower()


def _url(address: str, port: int, base: str, moment: Moment) -> str:
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(address, address)
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}:{port}{base}/?{moment.to_query()}"
