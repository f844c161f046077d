"""Files are written completely or not at all."""

import os
import re
import stat
import sys
import threading

import pytest

from nnviz.export import atomic
from nnviz.export.atomic import WriteError, check, write

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX")


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture
def umask():
    before = os.umask(0o027)
    yield
    os.umask(before)


def failing(error):
    def fail(*_):
        raise error

    return fail


def test_bytes_are_written_and_no_other_file_is_left(tmp_path):
    write(tmp_path / "a.csv", b"one")
    write(tmp_path / "a.csv", b"two")
    assert (tmp_path / "a.csv").read_bytes() == b"two"
    assert names(tmp_path) == ["a.csv"]


def test_a_path_may_be_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write("a.csv", b"one")
    assert names(tmp_path) == ["a.csv"]


@posix
def test_a_new_file_has_the_mode_of_the_umask(tmp_path, umask):
    write(tmp_path / "a", b"")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


@posix
def test_a_replaced_file_keeps_its_mode(tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "a").chmod(0o604)
    write(tmp_path / "a", b"two")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o604


@posix
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far" / "a")
    write(tmp_path / "near", b"one")
    assert (tmp_path / "near").is_symlink()
    assert (tmp_path / "far" / "a").read_bytes() == b"one"
    assert names(tmp_path / "far") == ["a"]


@posix
def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write(tmp_path / "pipe", b"through")
    reader.join()
    assert read == [b"through"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, step, error):
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(atomic.os, step, failing(error))
    with pytest.raises((WriteError, KeyboardInterrupt)) as caught:
        write(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]
    if isinstance(error, OSError):
        assert str(caught.value) == f"{tmp_path}/a cannot be written: no space left on device"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full of Linux")
def test_a_full_disk_raises():
    with pytest.raises(WriteError, match=r"^/dev/full cannot be written: no space left"):
        write("/dev/full", b"x")


def sentence(tmp_path, rule):
    return f"^{re.escape(rule.replace('~', str(tmp_path)))}$"


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("gone/a.csv", "there is no folder ~/gone to write a.csv in"),
        (".", "~ is a folder, not a file"),
        ("file/a.csv", "~/file is a file, not a folder to write a.csv in"),
        ("x" * 300, f"~/{'x' * 300} cannot be written: file name too long"),
    ],
)
@pytest.mark.parametrize("function", [check, lambda path: write(path, b"x")])
def test_a_path_that_cannot_be_written_raises_before_any_work(tmp_path, path, rule, function):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WriteError, match=sentence(tmp_path, rule)):
        function(tmp_path / path)
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("closed", "rule"),
    [("a.csv", "~/a.csv exists and is not writable"),
     ("", "the folder ~ is not writable")],
)  # fmt: skip
def test_permissions_are_checked_first(tmp_path, monkeypatch, closed, rule):
    (tmp_path / "a.csv").write_bytes(b"old")
    monkeypatch.setattr(atomic.os, "access", lambda path, mode: path != tmp_path / closed)
    with pytest.raises(WriteError, match=sentence(tmp_path, rule)):
        check(tmp_path / "a.csv")


@posix
def test_a_folder_closed_after_the_check_raises_too(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic.os, "open", failing(PermissionError(13, "Permission denied")))
    with pytest.raises(WriteError, match=r"a cannot be written: permission denied$"):
        write(tmp_path / "a", b"x")
    assert names(tmp_path) == []
