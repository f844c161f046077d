"""The worker processes of a server, in Linux's /proc."""

import os
import sys
import time
from pathlib import Path

import pytest

PATIENCE = 30  # seconds to wait before the test fails

finds_workers = pytest.mark.skipif(
    sys.platform != "linux", reason="finds the workers in Linux's /proc"
)


def workers(program="worker", of="self"):
    """Those that run one program; ``of`` is the server's process."""
    children = Path(f"/proc/{of}/task").glob("*/children")
    found = [process for listed in children for process in listed.read_text().split()]
    return [
        int(process)
        for process in found
        if f"nnviz.live.{program}\0" in Path(f"/proc/{process}/cmdline").read_text()
    ]


def seconds_used(process):
    """Processor time of a process, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resting(process, seconds=0.5):
    """Wait until a process has used no processor time for so long."""
    ends = time.monotonic() + PATIENCE
    used, since = seconds_used(process), time.monotonic()
    while (now := time.monotonic()) < since + seconds:
        assert now < ends, "it works on"
        time.sleep(0.02)
        if seconds_used(process) > used:
            used, since = seconds_used(process), now
