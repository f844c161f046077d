"""A file that one sweep at a time holds, until it ends, in whatever way."""

import errno
import os
import subprocess
import sys

import pytest

from nnviz.sweeps import lock
from nnviz.sweeps.errors import SweepError
from nnviz.sweeps.lock import held

HOLDER = """
import pathlib, sys
from nnviz.sweeps.lock import held
with held(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sweep.csv"


def expect_refusal(path):
    with pytest.raises(SweepError) as caught, held(path):
        pass
    assert str(caught.value) == (
        f"another sweep is writing {path}; wait until it ends, or name another file"
    )


def test_it_is_held_by_one_until_that_ends(path):
    with held(path):
        expect_refusal(path)
        path.write_text("a\n")
    with held(path):
        assert path.read_text() == "a\n"


def test_a_killed_program_holds_nothing(path):
    path.write_text("a\n")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        expect_refusal(path)
        holder.kill()
        holder.wait()
        with held(path):
            pass
    assert path.read_text() == "a\n"


@pytest.mark.parametrize("problem", [FileExistsError, FileNotFoundError])
def test_where_no_file_can_be_made_that_is_said(path, monkeypatch, problem):
    def refuse(*_):  # as /proc does for any name
        raise problem(errno.ENOENT, "No such file or directory", str(path))

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(problem), held(path):
        pass


@pytest.mark.parametrize("ends", [None, KeyError])
def test_a_file_left_empty_is_removed(path, ends):
    try:
        with held(path):
            assert path.exists()
            if ends:
                raise ends
    except KeyError:
        pass
    assert not path.exists()


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be removed there")
def test_a_file_removed_meanwhile_is_not_taken_for_the_new_one(path, monkeypatch):
    path.write_text("old")
    take = lock._lock

    def removed(file, path):
        take(file, path)
        if path.read_text() == "old":
            path.unlink()
            path.write_text("new")

    monkeypatch.setattr(lock, "_lock", removed)
    with held(path):
        monkeypatch.undo()
        expect_refusal(path)


@pytest.mark.skipif(os.name == "nt", reason="fcntl is not there")
def test_where_there_are_no_locks_nothing_is_held(path, monkeypatch):
    import fcntl

    def without(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", without)
    with held(path), held(path):
        pass
