"""Errors: one line each that names option, rule and offender; an exit code; no traceback."""

import errno
import os
import stat
import sys

import pytest

from nnviz.cli import commands
from nnviz.export import atomic, render
from nnviz.export.pictures import PICTURES
from tests.cli.conftest import names


def shown(value):
    """The name of a case: the arguments, or the content of the file."""
    return " ".join(value)[:60] if isinstance(value, list) else str(value)[:20]


STRANGE = [
    (["rendr"], "there is no command rendr; did you mean render?"),
    (["x"], ("there is no command x; the commands are "
            "render, animate, train, code, export, sweep, sweep report, data, files, site, open")),
    (["train", "--learnin-rate", "1"], ("train has no option --learnin-rate; did you mean "
                                       "--learning-rate?")),
    (["train", "--zzz"], "train has no option --zzz"),
    (["train", "--epo=3"], "train has no option --epo; did you mean --epoch?"),
    (["train", "a.json", "b.json"], "train does not take b.json; see nnviz train --help"),
    (["data", "b.json"], "data does not take b.json; see nnviz data --help"),
    (["train", "--hidden"], "--hidden: expected one argument"),
    (["render"], "render needs -o/--out; see nnviz render --help"),
    (["train", "--learning-rate", "50"],
     "--learning-rate: learning rate must be 1e-05…10; got 50.0"),
    (["train", "--learning_rate", "fast"],
     "--learning-rate: learning rate must be 1e-05…10; got fast"),
    (["train", "--noise", "-0.5"], "--noise: noise must be 0…0.5; got -0.5"),
    (["train", "--hidden", "10,0"],
     "--hidden: hidden units must be 1…64 per layer; got 0 in layer 2"),
    (["train", "--batch-size", "-3"],
     "--batch-size: batch size must be full or a whole number 1…5000; got -3"),
    (["train", "--standardise", "maybe"],
     "--standardise: standardise must be true or false; got maybe"),
    (["train", "--activation", "Tanh"], ("--activation: activation must be one of tanh, sigmoid, "
     "relu, leaky_relu, elu, softplus, sine, identity, step; got Tanh")),
    (["train", "--data", "iris", "--output", "sigmoid"],
     "--output: output must be softmax for 3 classes; got sigmoid"),
    (["train", "--data", "iris", "--features", "hue,ash"], ("--features: features must be two "
     "different ones of sepal length (cm), sepal width (cm), petal length (cm), petal width (cm); "
     "got hue, ash")),
    (["train", "--edits", "5:seed:3"], ("--edits: in edits, field of an edit must be one of "
     "optimiser, learning_rate, batch_size, l1, l2, weight, points; got seed")),
    (["train", "--epoch", "-1"], "--epoch: epoch must be a whole number 0…1000000; got -1"),
    (["train", "--epoch", "many"], "--epoch: epoch must be a whole number 0…1000000; got many"),
    (["train", "--epoch", "9" * 5000],
     f"--epoch: epoch must be a whole number 0…1000000; got {'9' * 77}…"),
    (["train", "?data=nothing"], ("the link: data must be one of circles, moons, xor, blobs, "
     "spirals, checkerboard, linear, iris, wine, drawing; got nothing")),
    (["train", "?v=99"],
     "the link: version of the link must be 1, the newest version supported; got 99"),
    (["train", "?epoch=-3"], "the link: epoch must be a whole number 0…1000000; got -3"),
    (["train", "a.json", "--recipe", "b.json"],
     "give either a.json or --recipe b.json, not both"),
    (["train", "--weights", "w.csv"],
     "--weights: the file name must end in one of .npz, .json; got w.csv"),
    (["train", "--weights", "-"], "--weights: name a file; the table goes to standard output"),
    (["render", "-o", "a.bmp"],
     "-o: the file name must end in one of .png, .svg, .pdf, .webp, .jpg, .html, .jpeg; got a.bmp"),
    (["render", "-o", "png"],
     "-o: the file name must end in one of .png, .svg, .pdf, .webp, .jpg, .html, .jpeg; got png"),
    (["render", "-o", "-"], ("-o -: choose the --format for standard output: "
     "png, svg, pdf, webp, jpg, html, jpeg")),
    (["render", "-o", "-", "--format", "bmp"],
     "--format: format must be one of png, svg, pdf, webp, jpg, html, jpeg; got bmp"),
    (["render", "-o", "liar.png", "--format", "svg"],
     "-o: the file name must end in .svg; got liar.png"),
    (["animate", "-o", "liar.GIF", "--format", "html"],
     "-o: the file name must end in .html; got liar.GIF"),
    (["render", "-o", "a.png", "--picture", "boundry"],
     (f"--picture: picture must be one of {', '.join(PICTURES)}; got boundry")),
    (["render", "-o", "a.png", "--size", "100x100"], ("--size: size must be WIDTHxHEIGHT, both "
     "200…4000 pixels, such as 640x480; got 100x100")),
    (["render", "-o", "a.png", "--size", "big"], ("--size: size must be WIDTHxHEIGHT, both "
     "200…4000 pixels, such as 640x480; got big")),
    (["render", "-o", "a.png", "--scale", "0"], "--scale: scale must be 0.25…8; got 0.0"),
    (["render", "-o", "a.png", "--size", "4000x4000", "--scale", "4.2"],
     ("--scale: scale must be at most 3.06 for a picture of 4000 × 4000: a file has at most 16000 "
      "pixels per side and 150 million in all; got 4.2")),
    (["render", "-o", "a.jpg", "--size", "4000x200", "--scale", "4.1"],
     ("--scale: scale must be at most 4 for a picture of 4000 × 200: a file has at most 16000 "
      "pixels per side and 150 million in all; got 4.1")),
    (["render", "-o", "a.png", "--probe", "1"],
     "--probe: probe must be two numbers -1e+09…1e+09; got 1"),
    (["render", "-o", "a.png", "--probe", "nan,1"],
     "--probe: probe must be two numbers -1e+09…1e+09; got nan,1"),
    (["render", "-o", "a.png", "--class", "green"],
     "--class: class must be one of outer, inner, or 0…1; got green"),
    (["render", "-o", "a.png", "--class", "2"],
     "--class: class must be one of outer, inner, or 0…1; got 2"),
    (["render", "-o", "a.png", "--class", "1", "--view", "blend"],
     "--class: is for the view class or surface; got view blend"),
    (["render", "-o", "a.png", "--threshold", "0.3", "--view", "class"],
     "--threshold: is for the view threshold; got view class"),
    (["render", "-o", "a.png", "--threshold", "1"],
     "--threshold: threshold must be 0.01…0.99; got 1.0"),
    (["render", "-o", "a.png", "--data", "iris", "--threshold", "0.3"],
     "--view: threshold is for two classes; iris has 3"),
    (["render", "-o", "a.png", "--unit", "1,11"],
     "--unit: unit must exist: the layers have 2, 10, 2 units; got 1,11"),
    (["render", "-o", "a.png", "--unit", "1"],
     "--unit: unit must be a layer and a unit of it, such as 1,3; got 1"),
    (["render", "-o", "a.png", "--caption", "x", "--no-caption"],
     "--no-caption: not allowed with argument --caption"),
    (["animate", "-o", "a.png"],
     "-o: the file name must end in one of .gif, .webp, .apng, .mp4, .webm, .html; got a.png"),
    (["animate", "-o", "a.gif", "--first", "10", "--last", "5"],
     "--first: first epoch must be at most the last epoch, 5; got 10"),
    (["animate", "-o", "a.gif", "--frames", "0"],
     "--frames: frames must be a whole number 1…600; got 0"),
    (["animate", "-o", "a.gif", "--frames", "600", "--size", "1920x1080"],
     "--frames: frames must be at most 241 at this size; got 600"),
    (["animate", "-o", "a.gif", "--spacing", "odd"],
     "--spacing: spacing must be one of even, early; got odd"),
    (["animate", "-o", "a.gif", "--size", "2000x2000"], ("--size: size must be WIDTHxHEIGHT, both "
     "160…1920 pixels, such as 640x480; got 2000x2000")),
    (["code", "--flavour", "fortran"],
     "--flavour: flavour must be one of numpy, sklearn, torch; got fortran"),
    (["export"],
     "--what: choose what to write: points, history, weights, weights_json, experiment"),
    (["export", "-o", "a.csv"],
     "--what: choose what to write: points or history; a.csv could be either"),
    (["export", "-o", "a.txt"],
     "-o: the file name must end in one of .csv, .npz, .json, .nnviz.json; got a.txt"),
    (["export", "--what", "points", "-o", "a.npz"],
     "-o: the file name must end in .csv for points; got a.npz"),
    (["open", "--port", "0"], "--port: port must be a whole number 1…65535; got 0"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "sentence"), STRANGE, ids=shown)
def test_wrong_usage_is_one_sentence_and_code_2(nnviz, folder, arguments, sentence):
    answer = nnviz(*arguments)
    assert answer.err == f"nnviz: error: {sentence}\n"
    assert (answer.code, answer.out) == (2, "")
    assert names(folder) == []


def test_too_many_pixels_are_an_error_before_training(nnviz, monkeypatch):
    monkeypatch.setattr("nnviz.training.trainer.Trainer.__init__", None)  # any use of it would fail
    assert nnviz("render", "-o", "a.webp", "--size", "4000x4000", "--scale", "8").code == 2


def test_a_picture_that_the_browser_cannot_draw_leaves_no_file(nnviz, folder, monkeypatch):
    monkeypatch.setattr(render._Chrome, "open", lambda _: None)
    monkeypatch.setattr(render._Chrome, "draw", lambda *_: b"u\xab-")
    answer = nnviz("render", "--epoch", "1", "-o", "a.png")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "nnviz: error: the browser must return a picture as PNG; got 3 bytes of something else\n"
    )
    assert names(folder) == []


def test_several_bad_fields_are_a_line_each(nnviz):
    answer = nnviz("train", "--noise", "7", "--hidden", "0", "--seed", "x")
    assert answer.code == 2
    assert answer.err.splitlines() == [
        "nnviz: error: --noise: noise must be 0…0.5; got 7.0",
        "nnviz: error: --hidden: hidden units must be 1…64 per layer; got 0 in layer 1",
        "nnviz: error: --seed: seed must be a whole number 0…4294967295; got x",
    ]


UNREADABLE = [
    ("{", 2, "experiment must be a JSON object; got {"),
    ("[1]", 2, "experiment must be a JSON object; got [1]"),
    ("[" * 100_000, 2, "experiment must be a JSON object; got " + "[" * 40),
    ('{"nnviz": 9, "epoch": 1, "recipe": {}}', 2,
     "version of the experiment must be 1, the newest version supported; got 9"),
    ('{"nnviz": 1, "recipe": {"noise": "much"}}', 2, "noise must be 0…0.5; got much"),
    ('{"nnviz": 1, "recipe": 3}', 2, "recipe must be a JSON object; got 3"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "sentence"), UNREADABLE, ids=shown)
def test_a_file_without_a_run_is_an_error(nnviz, folder, text, code, sentence):
    (folder / "a.json").write_text(text)
    answer = nnviz("train", "a.json")
    assert (answer.code, answer.out) == (code, "")
    if "recursion" in sentence:  # the text depends on the version of Python
        assert answer.err.startswith("nnviz: error: a.json: experiment must be a JSON object; got ")
        assert answer.err.count("\n") == 1
    else:
        assert answer.err == f"nnviz: error: a.json: {sentence}\n"


def test_a_binary_file_is_an_error(nnviz, folder):
    (folder / "a.json").write_bytes(b"\xff\xfe\x00 no text")
    answer = nnviz("train", "a.json")
    assert answer.code == 2
    assert answer.err.startswith("nnviz: error: a.json: experiment must be a JSON object; got ")
    assert answer.err.count("\n") == 1


def test_a_file_that_cannot_be_read_is_an_error(nnviz, folder, monkeypatch):
    assert nnviz("train", "gone.json").err == (
        "nnviz: error: gone.json cannot be read: no such file or directory\n"
    )
    assert nnviz("train", ".").err == "nnviz: error: . cannot be read: is a directory\n"
    assert nnviz("train", "x" * 300).err == (
        f"nnviz: error: {'x' * 77}… cannot be read: file name too long\n"
    )
    assert nnviz("train", "gone.json").code == 1


WRITING = [
    ["render", "-o", "gone/a.html"],
    ["animate", "-o", "gone/a.html"],
    ["code", "-o", "gone/a.py"],
    ["export", "-o", "gone/a.npz"],
    ["sweep", "-o", "gone/a.csv"],
]


@pytest.mark.parametrize("arguments", WRITING, ids=lambda arguments: arguments[0])
def test_a_missing_folder_is_an_error_before_any_work_is_done(
    nnviz, folder, monkeypatch, arguments
):
    monkeypatch.setattr("nnviz.training.trainer.Trainer.__init__", None)  # any use of it would fail
    monkeypatch.setattr("nnviz.writing.programs.program", None)
    answer = nnviz(*arguments)
    name = arguments[-1].removeprefix("gone/")
    assert answer.err == f"nnviz: error: -o: there is no folder gone to write {name} in\n"
    assert answer.code == 1
    assert names(folder) == []


def test_a_missing_folder_for_weights_is_an_error_before_training(nnviz, monkeypatch):
    monkeypatch.setattr("nnviz.training.trainer.Trainer.__init__", None)
    answer = nnviz("train", "--weights", "gone/w.npz")
    assert answer.code == 1
    assert answer.err == "nnviz: error: --weights: there is no folder gone to write w.npz in\n"


def test_a_folder_in_place_of_a_file_is_an_error(nnviz, folder):
    (folder / "a.npz").mkdir()
    answer = nnviz("export", "-o", "a.npz")
    assert answer.code == 1
    assert answer.err == "nnviz: error: -o: a.npz is a folder, not a file\n"


def test_a_missing_permission_is_an_error(nnviz, folder, monkeypatch):
    monkeypatch.setattr(atomic.os, "access", lambda *_: False)
    answer = nnviz("export", "-o", "a.npz")
    assert answer.code == 1
    assert answer.err == "nnviz: error: -o: the folder . is not writable\n"


def fail(error):
    def failing(*_):
        raise error

    return failing


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(nnviz, folder, monkeypatch, step):
    (folder / "a.npz").write_bytes(b"old")
    monkeypatch.setattr(atomic.os, step, fail(OSError(errno.ENOSPC, "No space left on device")))
    answer = nnviz("export", "-o", "a.npz")
    assert answer.code == 1
    assert answer.err == "nnviz: error: -o: a.npz cannot be written: no space left on device\n"
    assert names(folder) == ["a.npz"]
    assert (folder / "a.npz").read_bytes() == b"old"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_an_interruption_while_writing_leaves_the_old_file(nnviz, folder, monkeypatch, step):
    (folder / "a.npz").write_bytes(b"old")
    monkeypatch.setattr(atomic.os, step, fail(KeyboardInterrupt()))
    answer = nnviz("export", "-o", "a.npz")
    assert (answer.code, answer.out, answer.err) == (130, "", "")
    assert names(folder) == ["a.npz"]
    assert (folder / "a.npz").read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_files_have_the_mode_of_the_umask(nnviz, folder):
    before = os.umask(0o027)
    try:
        assert nnviz("export", "-o", "a.npz").code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "a.npz").stat().st_mode) == 0o640


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/dev/full is Linux’s")
@pytest.mark.parametrize("arguments", [["data"], ["export", "--what", "points"], ["train"]])
def test_a_full_output_is_an_error(arguments, folder):
    import subprocess

    from tests.cli.conftest import command, environment

    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            command(*arguments), stdout=full, stderr=subprocess.PIPE, env=environment(), cwd=folder,
            encoding="utf-8",
        )  # fmt: skip
    assert done.stderr == "nnviz: error: standard output: no space left on device\n"
    assert done.returncode == 1


def test_a_missing_file_of_the_program_is_named(nnviz, monkeypatch):
    gone = FileNotFoundError(errno.ENOENT, "No such file or directory", "/gone/part")
    monkeypatch.setattr("nnviz.cli.data._list", fail(gone))
    answer = nnviz("data")
    assert (answer.code, answer.err) == (
        1, "nnviz: error: /gone/part: no such file or directory\n"
    )  # fmt: skip


def test_a_missing_package_is_named(nnviz, monkeypatch):
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    answer = nnviz("train")
    assert answer.code == 1
    assert answer.err == (
        "nnviz: error: this needs the package threadpoolctl, which is not installed\n"
    )


def test_bytes_are_not_written_to_a_terminal(nnviz, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    answer = nnviz("export", "--what", "weights")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "nnviz: error: -o -: the output is binary, not for a terminal; use a file or a pipe\n"
    )


def test_the_program_has_the_exit_codes_and_no_traceback(program):
    wrong, failed = program("train", "--noise", "9"), program("train", "gone.json")
    assert (wrong.code, wrong.err) == (2, "nnviz: error: --noise: noise must be 0…0.5; got 9.0\n")
    assert failed.code == 1
    assert failed.err == "nnviz: error: gone.json cannot be read: no such file or directory\n"


def test_every_command_checks_its_file_before_its_work():
    others = {"train", "data", "files", "site", "open", "sweep report"}
    assert {arguments[0] for arguments in WRITING} | others == set(commands.COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["\x1b[31mrender"], r"\x1b[31mrender"),
        (["render", "-o", "a.png", "--data", "\x1b]0;title\x07"], r"\x1b]0;title\x07"),
        (["render", "\x1b[2J.json", "-o", "a.png"], r"\x1b[2J.json"),
        (["render", "?data=\x1b[31m", "-o", "a.png"], r"\x1b[31m"),
        (["train", "\x9b31m"], r"\x9b31m"),
        (["train", "--\x1b[31m"], r"--\x1b[31m"),
        (["export", "-o", "\x1b[31m/a.nnviz.json"], r"\x1b[31m"),
        (["train", "\udcff.json"], r"\udcff.json"),
    ],
)
def test_control_characters_are_not_printed_to_a_terminal(nnviz, folder, arguments, shown):
    answer = nnviz(*arguments)
    assert answer.code
    assert shown in answer.err
    assert answer.err.rstrip("\n").isprintable()


def test_a_file_written_is_named_without_control_characters(nnviz, folder):
    answer = nnviz("export", "--epoch", "0", "-o", "\x1b[31m.nnviz.json")
    assert answer.err.startswith(r"nnviz: wrote \x1b[31m.nnviz.json (")
