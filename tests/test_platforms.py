"""Nothing at run time needs POSIX, or a default encoding: a Python without both runs it all.

Windows itself is not at hand: modules and names that it lacks are taken away once the libraries,
which know Windows, have been imported.
"""

import subprocess
import sys

import pytest

LIBRARIES = """
import pandas, plotly.graph_objects, sklearn.datasets, streamlit.web.bootstrap, uvicorn
import streamlit.testing.v1, kaleido, PIL.Image, isal.isal_zlib, joblib
"""

WITHOUT_POSIX = """
import os, signal, socket, sys, time, warnings
for name in ("fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"):
    sys.modules[name] = None  # an import of it fails
NAMES = {
    os: "chown fork forkpty getegid geteuid getgid getgroups getloadavg getpgid getuid killpg "
        "mkfifo nice sched_getaffinity setsid sysconf uname wait3 O_CLOEXEC O_DIRECTORY O_NOFOLLOW "
        "O_NONBLOCK WNOHANG",
    signal: "SIGALRM SIGCHLD SIGHUP SIGKILL SIGQUIT SIGUSR1 alarm pause pthread_kill setitimer",
    socket: "AF_UNIX SO_REUSEPORT",
    time: "clock_gettime pthread_getcpuclockid tzset CLOCK_MONOTONIC CLOCK_THREAD_CPUTIME_ID",
}
for module, names in NAMES.items():
    for name in names.split():
        delattr(module, name)
warnings.filterwarnings("error", category=EncodingWarning, module="nnviz")
"""

ALL_MODULES = """
import importlib, pkgutil, nnviz
for module in pkgutil.walk_packages(nnviz.__path__, "nnviz."):
    if module.name not in ("nnviz.__main__", "nnviz.live.worker", "nnviz.ui.page"):  # programs
        importlib.import_module(module.name)
"""

SERVER = """
from nnviz.live import nagle
from nnviz.live.session import LiveSession
from nnviz.ui import page_files, server
server.parts()
page_files.page_html(page_files.Path(page_files.get_static_dir()))
nagle.turn_off()
session = LiveSession()
for request in ({"op": "open", "recipe": {"samples": 30}}, {"op": "frame", "epochs": 2}):
    assert session.handle(request)
"""

COMMANDS = """
from nnviz.cli import main
for command in (
    "train --samples 30 --epoch 2 --weights w.npz",
    "code --flavour numpy", "render --samples 30 --epoch 1 -o p.html", "files files",
):
    assert main(command.split()) == 0, command
from nnviz.cli.open import _free_port
assert _free_port("127.0.0.1", None)
"""


def run(code, folder):
    command = [sys.executable, "-X", "warn_default_encoding", "-c", code]
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder)


def test_all_runs_without_posix_and_without_a_default_encoding(tmp_path):
    done = run(LIBRARIES + WITHOUT_POSIX + ALL_MODULES + SERVER + COMMANDS, tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import fcntl", "ModuleNotFoundError"),
        ("os.geteuid()", "AttributeError"),
        ("exec(compile('open(\"x\", \"w\")', 'x', 'exec'), {'__name__': 'nnviz.x'})", "Encoding"),
    ],
)
def test_what_needs_them_is_noticed(code, why, tmp_path):
    done = run(WITHOUT_POSIX + code, tmp_path)
    assert done.returncode == 1
    assert why in done.stderr.splitlines()[-1]
