"""Where the runs of a sweep are trained, if not on this machine's cores: on a Dask cluster."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

from joblib import parallel_config

from ..problems import short_text
from .engine import own_version
from .errors import SweepError

_CONNECTING, _WAITING = 5, 4  # seconds, for the scheduler and for its first worker
_ANSWERING = 8  # seconds, for what has this address at all
_LOCAL = "local:"


@contextmanager
def cluster(address: str) -> Iterator[None]:
    """Let joblib work on the cluster whose scheduler has this address, such as tcp://host:8786.

    ``local:4`` starts one of four processes on this machine. Raises :class:`SweepError` where the
    cluster is not there, has no worker, or one with another version of nnviz.
    """
    try:
        distributed: Any = import_module("distributed")
    except ModuleNotFoundError:
        how = "pip install 'nnviz-playground[cluster]'"
        raise SweepError(f"a cluster needs the packages dask and distributed: {how}") from None

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # errors become sentences
    with ExitStack() as open_things:
        client = _client(distributed, address, open_things)
        _check_workers(client, address)
        try:
            with parallel_config(backend="dask", client=client):
                yield
        except distributed.KilledWorker as error:
            raise SweepError(f"workers of the cluster ended several times: {error}") from None
        except CancelledError:
            raise SweepError(f"the cluster at {short_text(address)} is gone") from None


def _client(distributed: Any, address: str, open_things: ExitStack) -> Any:
    if address.startswith(_LOCAL):
        count = address.removeprefix(_LOCAL)
        if not (count.isascii() and count.isdigit() and 1 <= int(count[:9]) <= 1024):
            raise SweepError(f"a local cluster must have 1…1024 workers; got {short_text(count)}")
        started = distributed.LocalCluster(
            n_workers=int(count), threads_per_worker=1, dashboard_address=None,
            silence_logs=logging.CRITICAL,
        )  # fmt: skip
        return open_things.enter_context(distributed.Client(open_things.enter_context(started)))
    client = _connected(distributed, address)
    if client is None:
        raise SweepError(f"there is no cluster at {short_text(address)}")
    return open_things.enter_context(client)


def _connected(distributed: Any, address: str) -> Any:
    """The client of a scheduler, or None where there is none.

    Something else that listens there may answer with what a client takes for the size of a huge
    message, or with nothing: its own timeout does not cover that.
    """
    found: queue.Queue[Any] = queue.Queue()

    def connect() -> None:
        try:
            # not as the default, which is waited for at the end of the program
            found.put(distributed.Client(address, timeout=_CONNECTING, set_as_default=False))
        except Exception:
            found.put(None)

    threading.Thread(target=connect, daemon=True).start()
    with contextlib.suppress(queue.Empty):
        return found.get(timeout=_ANSWERING)
    return None


def _check_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_WAITING)
    except TimeoutError:
        raise SweepError(f"the cluster at {short_text(address)} has no worker") from None
    here = own_version()
    for worker, version in client.run(own_version, on_error="return").items():
        if version != here:
            has = "none" if isinstance(version, Exception) else short_text(version)
            raise SweepError(f"the worker {worker} must have nnviz {here}; it has {has}")
