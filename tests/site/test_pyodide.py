"""Pyodide's files, from a folder and from an address."""

import json
import re
import shutil

import pytest

from nnviz.site import pyodide
from nnviz.site.pyodide import SourceError, contents, hashes
from tests.pyodide import served


@pytest.fixture
def small(monkeypatch, tmp_path):
    """A folder with two files, of which alone the site is made."""
    monkeypatch.setattr(pyodide, "RUNTIME", {
        "a.mjs": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",  # of “a”
        "b.wasm": "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",  # of “b”
    })  # fmt: skip
    monkeypatch.setattr(pyodide, "PACKAGES", {})
    (tmp_path / "a.mjs").write_text("a")
    (tmp_path / "b.wasm").write_text("b")
    return tmp_path


@pytest.fixture
def address(small):
    with served(small) as address:
        yield address


def test_the_files_of_the_tests_are_those_of_the_pinned_version(pyodide_folder):
    found = dict(contents(str(pyodide_folder)))
    assert found.keys() == {*hashes(), "pyodide-lock.json"}


def test_the_lock_file_names_the_packages_alone(pyodide_folder):
    ours = json.loads(pyodide.lock())
    theirs = json.loads((pyodide_folder / "pyodide-lock.json").read_text())
    assert ours["info"] == theirs["info"]
    assert ours["packages"].keys() == {"numpy", "contourpy", "pillow"}
    for name, package in ours["packages"].items():
        assert package.items() >= {
            (key, theirs["packages"][name][key])
            for key in ("sha256", "file_name", "version", "install_dir", "package_type")
        }
        assert package["depends"] == theirs["packages"][name]["depends"]


def test_a_folder_and_an_address_give_the_same(small, address):
    expected = {"a.mjs": b"a", "b.wasm": b"b", "pyodide-lock.json": pyodide.lock()}
    assert dict(contents(str(small))) == expected
    assert dict(contents(address.rstrip("/"))) == expected


def test_a_missing_file_is_an_error_in_one_sentence(small, address):
    (small / "b.wasm").unlink()
    for source, why in ((str(small), "no such file or directory"), (address, "404 file not found")):
        with pytest.raises(SourceError) as error:
            list(contents(source))
        assert re.fullmatch(
            rf"--pyodide must have b\.wasm of Pyodide 0\.27\.7; got none in \S+ \({why}\)",
            str(error.value),
        )


def test_another_file_is_an_error_in_one_sentence(small):
    (small / "b.wasm").write_text("c")
    with pytest.raises(SourceError) as error:
        list(contents(str(small)))
    assert re.fullmatch(
        r"--pyodide must have b\.wasm of Pyodide 0\.27\.7; got another file in \S+, "
        r"which its SHA-256 shows",
        str(error.value),
    )


def test_nothing_outside_of_the_folder_is_read(small):
    """Names are ours, whatever a lock file there says."""
    inside = small / "inside"
    inside.mkdir()
    shutil.copy(small / "a.mjs", inside)
    (inside / "pyodide-lock.json").write_text('{"packages": {"numpy": {"file_name": "../b.wasm"}}}')
    with pytest.raises(SourceError, match=r"must have b\.wasm"):
        list(contents(str(inside)))


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://[", "https://"])
def test_an_address_without_a_server_is_an_error_in_one_sentence(small, address):
    with pytest.raises(SourceError, match=r"^--pyodide must have a\.mjs of Pyodide \S+; got none"):
        list(contents(address))
