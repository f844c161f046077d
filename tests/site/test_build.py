"""The folder of the site: what is in it, and that it is there as a whole or not at all."""

import base64
import json
import re
import struct

import pytest

from nnviz.live.codec import unpack
from nnviz.recipe.recipe import Recipe
from nnviz.site import build as building
from nnviz.site.build import MARK, BuildError, build
from nnviz.site.pyodide import SourceError


@pytest.fixture
def quick(monkeypatch):
    """A site of one file."""
    contents = {"index.html": b"new", f"files/{MARK}": b"", MARK: b"{}"}
    monkeypatch.setattr(building, "site", lambda source: contents)


def texts(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.suffix in (".html", ".js", ".json") and "pyodide" not in path.as_posix()
        and path.name != "plotly.js"
    }  # fmt: skip


def test_it_has_few_files_and_versions_in_the_names_of_folders(site_folder):
    names = {path.name for path in site_folder.iterdir()}
    (own,) = (name for name in names if re.fullmatch(r"nnviz-[0-9a-f]{16}", name))
    beside = {"icon.png", "index.html", "manifest.webmanifest", "sw.js", MARK}
    assert names == {own, "pyodide-0.27.7", *beside}
    assert {path.name for path in (site_folder / own).iterdir()} >= {"engine.tar.gz", "worker.js"}


def test_every_module_has_the_ending_that_hosts_know_as_javascript(site_folder):
    assert not list(site_folder.rglob("*.mjs"))
    assert (site_folder / "pyodide-0.27.7" / "pyodide.module.js").is_file()


def test_addresses_are_relative_and_nothing_is_fetched_from_elsewhere(site_folder):
    for name, text in texts(site_folder).items():
        assert not re.search(r"""(?:src|href|from|import\()\s*=?\s*["'](?:https?:|/)""", text), name
    index = (site_folder / "index.html").read_text("utf-8")
    for path in re.findall(r'(?:src|href)="([^"]+)"', index):
        assert (site_folder / path).is_file()


def test_the_first_picture_is_that_of_the_default_recipe(site_folder):
    (start,) = site_folder.glob("nnviz-*/start.js")
    given = json.loads(re.search(r"site: (\{.*\}) \}\);", start.read_text("utf-8"))[1])
    first = given["first"]
    assert Recipe(**first["recipe"]) == Recipe()
    header, arrays = unpack(base64.b64decode(first["reply"]))
    assert (header["type"], header["epoch"]) == ("opened", 0)
    assert len(arrays["trainPoints"]) == 160
    assert given["sizes"]["engine.tar.gz"] == (start.parent / "engine.tar.gz").stat().st_size


def test_the_service_worker_keeps_every_file_but_itself(site_folder):
    text = (site_folder / "sw.js").read_text("utf-8")
    kept, later = (
        json.loads(re.search(rf"^const {name} = (.*);$", text, re.MULTILINE)[1])
        for name in ("FILES", "LATER")
    )
    (pillow,) = later  # for animations
    assert "/pillow-" in pillow
    found = {path.relative_to(site_folder).as_posix() for path in site_folder.rglob("*.*")}
    assert {name.removeprefix("./") for name in kept + later} == found - {"sw.js", MARK} - {
        path.name for path in site_folder.iterdir() if path.is_dir()
    }


def test_the_icon_has_the_size_that_the_manifest_says(site_folder):
    manifest = json.loads((site_folder / "manifest.webmanifest").read_bytes())
    (icon,) = manifest["icons"]
    header = (site_folder / icon["src"]).read_bytes()[16:24]
    width, height = struct.unpack(">II", header)
    assert icon["sizes"] == f"{width}x{height}"


def test_colours_are_those_of_the_themes(site_folder):
    index = (site_folder / "index.html").read_text("utf-8")
    assert "--st-text-color: #141312;" in index
    assert "--st-background-color: #171614;" in index


@pytest.fixture
def published(quick, tmp_path):
    """A folder with an old site, and beside it what a host or Git needs there."""
    folder = tmp_path / "public"
    for path in ("nnviz-old/start.js", "pyodide-0.1/pyodide.js", "index.html", *BESIDE):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"old {path}")
    (folder / MARK).write_text('{"pyodide": "0.1", "files": "nnviz-old"}')
    return folder


BESIDE = (".git/HEAD", ".nojekyll", "CNAME")


def held(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_site_that_is_there_is_replaced_as_a_whole(published):
    assert build(published) == 5
    site = {"index.html": "new", f"files/{MARK}": "", MARK: "{}"}
    assert held(published) == {**site, **{path: f"old {path}" for path in BESIDE}}
    assert [path.name for path in published.parent.iterdir()] == ["public"]


@pytest.mark.parametrize("mark", ["", "{}", "[]", '{"pyodide": 1, "files": {}}'])
def test_of_a_site_without_a_mark_to_go_by_nothing_is_lost(published, mark):
    (published / MARK).write_text(mark)
    build(published)
    assert (published / "nnviz-old" / "start.js").is_file()
    assert (published / "index.html").read_text() == "new"


@pytest.mark.parametrize("at", ["public", "CNAME", "new"])
def test_what_cannot_be_moved_leaves_all_as_it_was(published, monkeypatch, at):
    before, replace = held(published), building.os.replace

    def failing(source, target):
        if source.name == at:
            monkeypatch.undo()  # it is the way back that follows
            raise OSError(16, "Device or resource busy")
        replace(source, target)

    monkeypatch.setattr(building.os, "replace", failing)
    with pytest.raises(BuildError, match=r"device or resource busy$"):
        build(published)
    assert held(published) == before
    assert [path.name for path in published.parent.iterdir()] == ["public"]


def test_an_old_site_whose_place_is_taken_is_not_deleted(published, monkeypatch):
    before, replace = held(published), building.os.replace

    def failing(source, target):
        if source.name == "new":
            published.write_text("of another program")
        replace(source, target)

    monkeypatch.setattr(building.os, "replace", failing)
    with pytest.raises(BuildError):
        build(published)
    (aside,) = published.parent.glob(".nnviz-*/old")
    assert held(aside) == before


def test_an_empty_folder_is_filled(quick, tmp_path):
    folder = tmp_path / "public"
    folder.mkdir()
    build(folder)
    assert (folder / "index.html").read_bytes() == b"new"


def test_other_files_are_left_alone(quick, tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(BuildError) as error:
        build(tmp_path)
    assert str(error.value) == (
        f"-o must be a new or empty folder, or one with a site; got {tmp_path}"
    )
    assert (tmp_path / "thesis.tex").read_text() == "mine"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("file", "-o must be a folder; got {}, which is a file"),
        ("none/public", "-o must be in a folder that is there; got {}"),
        ("file/public", "-o must be in a folder that is there; got {}"),
    ],
)
def test_a_place_for_no_folder_is_an_error_in_one_sentence(quick, tmp_path, path, sentence):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(BuildError) as error:
        build(tmp_path / path)
    assert str(error.value) == sentence.format(tmp_path / path)


def test_without_pyodide_nothing_is_written(tmp_path):
    (tmp_path / "none").mkdir()
    with pytest.raises(SourceError):
        build(tmp_path / "public", str(tmp_path / "none"))
    assert [path.name for path in tmp_path.iterdir()] == ["none"]


def test_a_disk_that_is_full_leaves_the_old_site(quick, tmp_path, monkeypatch):
    folder = tmp_path / "public"
    build(folder)

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(BuildError, match=r"public cannot be written: no space left on device$"):
        build(folder)
    assert (folder / "index.html").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["public"]
