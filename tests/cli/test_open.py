"""``open``: starts the app on a port of this machine and opens the run in a browser."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request

import pytest

from nnviz import Recipe
from nnviz.live.hosting import Hosting
from nnviz.recipe.moment import Moment
from nnviz.stage.files import ENTRY, address
from tests.cli.conftest import ROOT, accept_ctrl_c, command, environment
from tests.serving import free_port

MOMENT = Moment(Recipe(data="xor", edits=[[2, "l1", 0.1]]), 30)


@pytest.fixture
def hostings():
    """The limits and names of the servers."""
    return []


@pytest.fixture
def served(monkeypatch, hostings):
    """The addresses and ports served, and the URLs opened in the browser."""
    import webbrowser

    from nnviz.ui import server

    calls, seen = [], []

    def serve(address, port, ready, hosting):
        calls.append((address, port))
        hostings.append(hosting)
        ready("")
        raise KeyboardInterrupt

    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.setattr(webbrowser, "open", lambda url: seen.append(url) or True)
    return calls, seen


def test_the_run_opens_at_its_epoch(nnviz, served):
    port = free_port()
    answer = nnviz("open", MOMENT.to_query(), "--port", str(port))
    url = f"http://127.0.0.1:{port}/?{MOMENT.to_query()}"
    assert served == ([("127.0.0.1", port)], [url])
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == f"nnviz: open at {url} (Ctrl-C ends it)\nnnviz: ended\n"


def test_a_run_without_an_epoch_opens_at_its_start(nnviz, served):
    nnviz("open", "--data", "moons")
    assert Moment.from_query(served[1][0].partition("?")[2]) == Moment(Recipe(data="moons"), 0)


def test_limits_are_options_which_go_before_the_environment(nnviz, served, hostings, monkeypatch):
    monkeypatch.setenv("NNVIZ_SOCKETS", "20")
    monkeypatch.setenv("NNVIZ_MEMORY", "50")
    options = ("--memory", "70", "--hosts", "nnviz.example,*.example.org", "--no-browser")
    nnviz("open", *options)
    assert hostings == [Hosting(sockets=20, memory=70, hosts=("nnviz.example", "*.example.org"))]


def test_sweeps_have_no_bound_where_it_opens_one_s_own_browser(
    nnviz, served, hostings, monkeypatch
):
    nnviz("open")
    nnviz("open", "--sweep-runs", "9")
    nnviz("open", "--no-browser")
    nnviz("open", "--address", "0.0.0.0")
    monkeypatch.setenv("NNVIZ_SWEEP_SECONDS", "60")
    nnviz("open")
    most = Hosting()
    assert [(each.sweep_runs, each.sweep_seconds) for each in hostings] == [
        (0, 0), (9, 0), *[(most.sweep_runs, most.sweep_seconds)] * 2, (0, 60),
    ]  # fmt: skip


def test_an_invalid_limit_is_named_as_it_was_given(nnviz, served, monkeypatch):
    rule = "must be a whole number 1…1000000; got 0"
    assert nnviz("open", "--memory", "0").err == f"nnviz: error: --memory: memory {rule}\n"
    monkeypatch.setenv("NNVIZ_MEMORY", "0")
    answer = nnviz("open")
    assert answer.err == f"nnviz: error: NNVIZ_MEMORY {rule}\n"
    assert (answer.code, served[0]) == (2, [])


def test_no_browser_is_opened_if_not_wanted(nnviz, served):
    assert nnviz("open", "--no-browser").code == 0
    assert len(served[0]) == 1
    assert served[1] == []


def test_other_machines_are_admitted_by_the_address(nnviz, served):
    nnviz("open", "--address", "0.0.0.0")
    assert served[0][0][0] == "0.0.0.0"
    assert served[1][0].startswith("http://localhost:")


def test_a_port_in_use_is_an_error(nnviz, served):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = nnviz("open", "--port", str(port))
    assert (answer.code, served[0]) == (1, [])
    assert answer.err == (
        f"nnviz: error: --port: cannot listen on 127.0.0.1, port {port}: address already in use\n"
    )


def test_the_default_is_the_next_free_port(nnviz, served, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("nnviz.cli.open._FIRST_PORT", port)
        nnviz("open")
    assert served[0][0][1] > port


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("300.1.1.1", "the name or address is unknown"),
        (
            "192.0.2.7",
            "it is not an address of this machine",
        ),  # reserved for documentation: RFC 5737
    ],
)
def test_an_invalid_address_is_an_error(nnviz, served, address, why):
    answer = nnviz("open", "--address", address)
    assert (answer.code, served[0]) == (1, [])
    assert answer.err == f"nnviz: error: --address: cannot listen on {address}: {why}\n"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_the_app_is_served_until_ctrl_c_from_any_folder(folder):
    note = folder / "url"
    script = f"import sys; open({str(note)!r}, 'w').write(sys.argv[1])"
    browser = f"{shlex.quote(sys.executable)} -c {shlex.quote(script)} %s"
    port = free_port()
    with subprocess.Popen(
        command("open", MOMENT.to_query(), "--port", str(port), warnings="ignore"),  # Streamlit's
        cwd=folder, env=environment(BROWSER=browser), stderr=subprocess.PIPE, encoding="utf-8",
        preexec_fn=accept_ctrl_c,
    ) as process:  # fmt: skip
        assert "Started nnviz" in process.stderr.readline()  # the server's log
        first = process.stderr.readline()
        try:
            url = re.search(r"http://\S+", first)[0]
            for path in ("", f"{address()}/{ENTRY}", "_stcore/health"):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
                    assert answer.status == 200
        finally:
            process.send_signal(signal.SIGINT)
        try:
            _, rest = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert url == f"http://127.0.0.1:{port}/?{MOMENT.to_query()}"
    assert rest == "nnviz: ended\n"
    assert note.read_text() == url


def test_the_settings_are_those_of_the_checkout():
    from nnviz.ui import server

    def flat(table, section=""):
        for name, value in table.items():
            if isinstance(value, dict):
                yield from flat(value, f"{section}{name}.")
            else:
                yield f"{section}{name}", value

    read = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert dict(flat(read)) == server.SETTINGS
