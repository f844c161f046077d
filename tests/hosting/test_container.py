"""Containerfile, compose.yaml and the unit for systemd name what is there."""

import json
import re
import shlex

import yaml

from nnviz.cli import open as open_command
from nnviz.cli.parser import Parser
from nnviz.ui import server
from tests.serving import ROOT

CONTAINER = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
UNIT = (ROOT / "docs" / "nnviz@.service").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def instructions(name: str) -> list[str]:
    """The arguments of all instructions of that name."""
    return re.findall(rf"^{name}\s+(.*)", CONTAINER, re.MULTILINE)


def options_of(command: list[str]) -> dict[str, str]:
    """The options of ``nnviz open`` as read by itself."""
    assert command[:2] == ["/opt/nnviz/bin/nnviz", "open"]
    parser = Parser("open", "", "")
    open_command.add(parser)
    return vars(parser.read(command[2:]))


def test_every_file_that_is_copied_is_there_and_not_ignored():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = [
        source for line in instructions("COPY") if not line.startswith("--from")
        for source in line.split()[:-1]
    ]  # fmt: skip
    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored
    assert set(copied) == {line[1:] for line in ignored if line.startswith("!")}


def test_the_command_and_the_health_check_fit_the_server():
    (command,), (port,) = map(json.loads, instructions("CMD")), instructions("EXPOSE")
    options = options_of(command)
    assert (options["no_browser"], options["address"], options["port"]) == (True, "0.0.0.0", port)
    (check,) = instructions("HEALTHCHECK")
    asked, path = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)'", check).groups()
    assert asked == port
    assert path in [route.path for route in server.parts()["routes"]]


def test_the_image_runs_as_nobody_in_particular_and_keeps_no_build_tools():
    last = CONTAINER.split("\nFROM ")[-1]
    assert re.search(r"^USER [1-9]\d+$", last, re.MULTILINE)
    (install,) = re.findall(r"apt-get install -y --no-install-recommends (.*)", last)
    assert install.split("&&")[0].split() == ["python3"]
    assert "pip uninstall -y pip" in CONTAINER


def test_compose_has_two_replicas_of_the_image_behind_a_proxy_that_knows_both():
    services = COMPOSE["services"]
    proxy = services.pop("proxy")
    caddy = (ROOT / "docs" / "Caddyfile").read_text(encoding="utf-8")
    (port,) = instructions("EXPOSE")
    (upstreams,) = re.findall(r"reverse_proxy (.*) {", caddy)
    assert upstreams.split() == [f"{name}:{port}" for name in services]
    assert len(services) == 2
    for service in services.values():
        assert (ROOT / service["build"]["dockerfile"]).is_file()
    variable = re.search(r"{\$(\w+):(\S+)} {", caddy)
    assert proxy["environment"] == {variable[1]: f"${{{variable[1]}:-{variable[2]}}}"}
    mounted = proxy["volumes"][0].split(":")[0]
    assert (ROOT / mounted).is_file()
    assert set(COMPOSE["volumes"]) == {proxy["volumes"][1].split(":")[0]}


def test_the_unit_starts_a_server_on_its_port():
    (line,) = re.findall(r"^ExecStart=(.*)", UNIT, re.MULTILINE)
    options = options_of(shlex.split(line.replace("%i", "8502")))
    assert (options["no_browser"], options["port"]) == (True, "8502")
