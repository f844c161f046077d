"""A sweep on a real Dask cluster of two worker processes, one of which is killed."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

import nnviz
from nnviz import Recipe
from nnviz.sweeps.cluster import cluster
from nnviz.sweeps.errors import SweepError

ROOT = Path(__file__).resolve().parents[2]
RUNS, EPOCHS = 30, 1500


@pytest.fixture
def processes():
    """Starts programs of distributed and ends them after the test; each writes to a pipe."""
    with ExitStack() as started:

        def start(module, *arguments):
            environment = os.environ | {"PYTHONPATH": str(ROOT)}
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
                stderr=subprocess.PIPE, encoding="utf-8", env=environment,
            )  # fmt: skip
            started.enter_context(process)
            started.callback(process.kill)
            return process

        yield start


def line_with(process, pattern):
    """The match of the first line on standard error that matches."""
    return next(filter(None, (re.search(pattern, line) for line in process.stderr)))


def test_every_run_is_there_once_and_as_in_a_serial_sweep(processes, tmp_path):
    scheduler = processes("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = line_with(scheduler, r"Scheduler at: +(tcp://127\.0\.0\.1:\d+)")[1]
    options = address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"
    workers = [processes("dask_worker", *options) for _ in range(2)]
    for worker in workers:
        line_with(worker, "Registered to:")
    path = tmp_path / "a.jsonl"
    arguments = ["sweep", "--samples", "100", "--seeds", str(RUNS), "--epoch", str(EPOCHS)]
    sweep = subprocess.Popen(
        [sys.executable, "-m", "nnviz", *arguments, "--dask", address, "-o", str(path)],
        stderr=subprocess.PIPE, encoding="utf-8", env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    with sweep:
        while not path.exists() or path.read_bytes().count(b"\n") < 3:
            assert sweep.poll() is None, sweep.stderr.read()
        workers[0].send_signal(signal.SIGKILL)
        done_before = path.read_bytes().count(b"\n")
        assert sweep.wait() == 0, sweep.stderr.read()
    assert done_before < RUNS
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert sorted(row["seed"] for row in rows) == list(range(RUNS))
    serial = nnviz.sweep(Recipe(samples=100), seeds=RUNS, epoch=EPOCHS).drop(columns="seconds")
    rows = {row["seed"]: row for row in rows}
    for expected in serial.to_dict("records"):
        got = rows[expected["seed"]]
        assert {name: got[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("nowhere", "there is no cluster at nowhere"),
        ("local:0", "a local cluster must have 1…1024 workers; got 0"),
        ("local:many", "a local cluster must have 1…1024 workers; got many"),
    ],
)
def test_a_cluster_that_is_not_there_is_one_sentence(address, sentence):
    with pytest.raises(SweepError, match=f"^{sentence}$"), cluster(address):
        pass


@pytest.fixture
def listeners():
    """Addresses where something else listens: a web server, and what never answers."""
    with (
        HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as web,
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):
        threading.Thread(target=web.serve_forever, daemon=True).start()
        yield [f"tcp://127.0.0.1:{each.getsockname()[1]}" for each in (web.socket, silent)]
        web.shutdown()


def test_where_something_else_listens_the_program_ends_with_one_sentence(listeners, tmp_path):
    sweeps = {
        address: subprocess.Popen(
            [sys.executable, "-m", "nnviz", "sweep", "--dask", address, "-o", f"{number}.csv"],
            cwd=tmp_path,
            stderr=subprocess.PIPE, encoding="utf-8", env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        for number, address in enumerate(listeners)
    }  # fmt: skip
    try:
        for address, sweep in sweeps.items():
            _, said = sweep.communicate(timeout=25)  # it waits for 8 s
            assert said == f"nnviz: error: there is no cluster at {address}\n"
            assert sweep.returncode == 1
    finally:
        for sweep in sweeps.values():
            sweep.kill()
            sweep.communicate()


def test_whatever_a_client_raises_is_one_sentence():
    from nnviz.sweeps import cluster as module

    def client(address, **options):
        raise MemoryError

    there_is_none = pytest.raises(SweepError, match=r"^there is no cluster at tcp://x$")
    with ExitStack() as opened, there_is_none:
        module._client(SimpleNamespace(Client=client), "tcp://x", opened)


def test_without_dask_its_packages_are_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    how = r"^a cluster needs the packages dask and distributed: pip install 'nnviz-playground\["
    with pytest.raises(SweepError, match=how), cluster("tcp://127.0.0.1:1"):
        pass


class Client:
    """A client of a cluster with these versions by worker."""

    def __init__(self, versions):
        self.versions = versions

    def wait_for_workers(self, count, timeout):  # noqa: ARG002
        if len(self.versions) < count:
            raise TimeoutError

    def run(self, function, on_error):  # noqa: ARG002
        return self.versions


@pytest.mark.parametrize(
    ("versions", "sentence"),
    [
        ({}, "the cluster at tcp://x has no worker"),
        ({"tcp://w:1": "0.0"}, "the worker tcp://w:1 must have nnviz 1.0; it has 0.0"),
        ({"tcp://w:1": "1.0", "tcp://w:2": ImportError("x")},
         "the worker tcp://w:2 must have nnviz 1.0; it has none"),
    ],
)  # fmt: skip
def test_workers_of_another_version_are_refused_by_name(monkeypatch, versions, sentence):
    from nnviz.sweeps import cluster as module

    monkeypatch.setattr(module, "own_version", lambda: "1.0")
    with pytest.raises(SweepError, match=f"^{re.escape(sentence)}$"):
        module._check_workers(Client(versions), "tcp://x")
