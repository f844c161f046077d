"""/healthz and /metrics of a real server."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.exceptions import ConnectionClosed


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
        assert seen["process_resident_memory_bytes",] > 10_000_000
