"""/healthz and /metrics of a real server."""

import os
import signal
from contextlib import suppress

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from nnviz.live import endpoint, health, studio
from tests.live.processes import finds_workers, workers

PATIENCE = 30  # seconds to wait for a message before the test fails
EXPENSIVE = {"samples": 2000, "hidden": [64] * 6}


def figures(host, base=""):
    """All samples of /metrics, by name and label."""
    text = httpx.get(f"http://{host}{base}/metrics").text
    families = text_string_to_metric_families(text)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize("base", ["", "/sub/path"])
def test_a_server_is_healthy_below_its_base_path(serving, base):
    with serving(base) as host:
        answer = httpx.get(f"http://{host}{base}/healthz")
        assert (answer.status_code, answer.text) == (200, "ok\n")
        assert httpx.get(f"http://{host}/metrics").status_code == 404


def test_metrics_say_what_the_server_carries_and_has_done(serving, entering):
    with serving("/sub", metrics=True, sockets=1) as host:
        with entering(f"{host}/sub") as client:
            client.ask("open", recipe={"samples": 30})
            before = figures(host, "/sub")["nnviz_epochs_total",]
            assert client.ask("frame", epochs=5)["epoch"] == 5
            assert client.ask("seek", epoch=7)["epoch"] == 7
            with entering(f"{host}/sub") as refused, pytest.raises(ConnectionClosed):
                refused.answer()
            client.ask("frame")  # the replies before are counted by now
            seen = figures(host, "/sub")
        assert seen["nnviz_sockets",] == seen["nnviz_sessions",] == 1
        assert seen["nnviz_run_memory_bytes",] > 500_000
        assert seen["nnviz_epochs_total",] - before == 7
        assert seen["nnviz_frames_total",] >= 3
        assert seen["nnviz_wait_seconds_count",] == seen["nnviz_frames_total",]
        assert seen["nnviz_refusals_total", "sockets"] == 1
        assert seen["nnviz_memory_bytes",] >= 0.9 * seen["process_resident_memory_bytes",]
        assert seen["process_resident_memory_bytes",] > 10_000_000


@finds_workers
def test_metrics_have_the_memory_of_the_workers_and_the_epochs_of_those_that_have_ended(
    serving, entering
):
    with serving(metrics=True) as host:
        before = figures(host)
        with entering(host) as client:
            client.ask("open", recipe=EXPENSIVE)
            while (epoch := client.ask("seek", epoch=3)["epoch"]) < 3:
                pass
            (worker,) = workers()
            seen = figures(host)
            own = seen["process_resident_memory_bytes",] - before["process_resident_memory_bytes",]
            with_workers = seen["nnviz_memory_bytes",] - before["nnviz_memory_bytes",]
            assert with_workers > own + 20_000_000
            assert seen["nnviz_epochs_total",] - before["nnviz_epochs_total",] == epoch
            os.kill(worker, signal.SIGKILL)
            with pytest.raises(ConnectionClosed):
                client.ask("frame")
        with entering(host) as client:
            client.ask("open", recipe=EXPENSIVE)
            client.ask("frame", epochs=1)
            assert figures(host)["nnviz_epochs_total",] == seen["nnviz_epochs_total",] + 1


def test_no_memory_is_known_where_there_is_no_proc(monkeypatch, tmp_path):
    monkeypatch.setattr(health, "Path", lambda path: tmp_path)
    assert health.memory_bytes() == 0
    (tmp_path / "17").mkdir()
    (tmp_path / "17" / "stat").symlink_to("nowhere")  # as of a process that has just ended
    assert health.memory_bytes() == 0


@pytest.mark.parametrize(
    ("path", "messages", "limit", "sentence"),
    [
        ("live", [" " * 256_001], "message_bytes", "a message may have 256000 bytes at most"),
        ("live", ["{}"] * 90, "message_rate", "more than 1 messages a second; wait and"),
        ("studio", [" " * 512_001], "message_bytes", "a message may have 512000 bytes at most"),
        ("studio", [" " * 256_001], "message_bytes", "this message may have 256000 bytes at most"),
        ("studio", ['{"layer": 9}'], "request_seconds", "the request did not arrive within 0.2 s"),
    ],
)
def test_visitors_who_break_a_rule_are_logged_and_counted(
    serving, caplog, monkeypatch, path, messages, limit, sentence
):
    monkeypatch.setattr(studio, "REQUEST_SECONDS", 0.2)
    monkeypatch.setattr(endpoint, "MESSAGES_PER_SECOND", 1)
    monkeypatch.setattr(endpoint, "BURST", 20)
    with serving(metrics=True) as host, connect(f"ws://{host}/{path}", max_queue=None) as socket:
        if path == "studio":
            socket.recv(PATIENCE)  # it is ready
        with suppress(ConnectionClosed):
            for message in messages:
                socket.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            list(socket)
        assert closed.value.rcvd.code in (1008, 1009)
        assert figures(host)["nnviz_refusals_total", limit] == 1
    (line,) = [line for line in caplog.messages if line.startswith("Refused")]
    assert line.startswith(f"Refused by the limit {limit}. {sentence}")


def test_a_request_before_its_turn_and_another_origin_are_counted(serving, caplog):
    with serving(metrics=True) as host, connect(f"ws://{host}/studio") as first:
        first.recv(PATIENCE)
        with connect(f"ws://{host}/studio") as early:
            early.send("{}")
            with pytest.raises(ConnectionClosed):
                list(early)
        for path in ("live", "studio"):
            with (
                connect(f"ws://{host}/{path}", origin="https://elsewhere.example") as other,
                pytest.raises(ConnectionClosed),
            ):
                other.recv(PATIENCE)
        seen = figures(host)
        assert seen["nnviz_refusals_total", "request_turn"] == 1
        assert seen["nnviz_refusals_total", "origin"] == 2
    assert len([line for line in caplog.messages if "efused" in line]) == 3
