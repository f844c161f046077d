"""The file of results: what is written is read again, whatever ended the program before."""

import json
import re

import pandas as pd
import pytest

import nnviz
from nnviz import Recipe
from nnviz.export.atomic import WriteError
from nnviz.sweeps.errors import SweepError
from nnviz.sweeps.plan import make_plan
from nnviz.sweeps.results import FORMATS, Results
from nnviz.sweeps.run import row_of
from nnviz.sweeps.summary import summarise

SMALL = Recipe(samples=40)
VARY = {"hidden": [(2,), ()], "learning_rate": [0.1, 0.5]}
READERS = {
    "csv": pd.read_csv,
    "jsonl": lambda path: pd.read_json(path, lines=True, precise_float=True),
    "parquet": pd.read_parquet,
}


@pytest.fixture(params=FORMATS)
def path(request, tmp_path):
    return tmp_path / f"sweep.{request.param}"


def written(path, plan, runs=None, finish=True):
    results = Results(path)
    with results.held():
        with results.append(plan) as file:
            for run in list(plan)[:runs]:
                file.add(plan.completed(row_of(run)))
        if finish:
            results.finish()
    return results


def test_a_file_reads_as_the_table_that_python_returns(path):
    plan = make_plan(SMALL, VARY, epoch=5)
    written(path, plan)
    read = READERS[path.suffix[1:]](path)
    frame = nnviz.sweep(SMALL, VARY, epoch=5)
    assert list(read.columns) == list(frame.columns)
    left = {"seconds", "diverged"}  # None becomes NaN in a CSV file
    for name in set(frame.columns) - left:
        assert list(read[name].fillna(-1)) == list(frame[name].fillna(-1)), name
    assert read.diverged.isna().all()
    assert sorted(entry.name for entry in path.parent.iterdir()) == [path.name]


def test_what_is_done_is_known_and_a_longer_sweep_goes_on(path):
    plan = make_plan(SMALL, VARY, epoch=5)
    results = written(path, plan, runs=3, finish=False)
    assert results.done(plan) == {run.key for run in list(plan)[:3]}
    written(path, make_plan(SMALL, VARY, epoch=5), finish=True)
    longer = make_plan(SMALL, VARY, epoch=5, seeds=2)
    assert Results(path).done(longer) == {run.key for run in plan}


@pytest.mark.parametrize("is_there", [False, True])
def test_a_link_stays_and_its_target_holds_the_rows(path, is_there):
    target, plan = path.with_name("target"), make_plan(SMALL, VARY, epoch=2)
    if is_there:
        target.touch()
    try:
        path.symlink_to(target.name)
    except OSError:
        pytest.skip("this user may make no links")
    with Results(path).held():
        pass  # no row yet
    assert path.is_symlink()
    results = written(path, plan)
    assert path.is_symlink()
    assert len(READERS[path.suffix[1:]](target)) == 4
    assert results.done(plan) == {run.key for run in plan}
    assert sorted(entry.name for entry in path.parent.iterdir()) == [path.name, "target"]


@pytest.mark.parametrize("lost", [1, 20, 300])
def test_an_incomplete_line_is_dropped(path, lost):
    plan = make_plan(SMALL, VARY, epoch=2)
    results = written(path, plan, finish=False)
    lines = results._lines
    whole = lines.read_bytes()
    lines.write_bytes(whole[:-lost])
    assert len(results.done(plan)) == 3
    with results.append(plan):
        pass
    assert whole.startswith(lines.read_bytes())
    assert lines.read_bytes().endswith(b"\n")


def test_a_head_cut_short_is_written_again(tmp_path):
    path = tmp_path / "sweep.csv"
    plan = make_plan(SMALL, VARY, epoch=2)
    path.write_text("hidden,lear")
    written(path, plan)
    assert len(pd.read_csv(path)) == 4


def test_a_journal_that_stayed_gives_no_row_twice(tmp_path):
    path = tmp_path / "sweep.parquet"
    plan = make_plan(SMALL, VARY, epoch=2)
    results = written(path, plan, finish=False)
    journal = results._lines.read_bytes()
    results.finish()
    results._lines.write_bytes(journal)
    results.finish()
    assert len(pd.read_parquet(path)) == 4


OTHERS = {
    "a run of another recipe": (make_plan(Recipe(samples=50), VARY, epoch=5), "the run {"),
    "another epoch": (make_plan(SMALL, VARY, epoch=4), "a run that ends at epoch 4"),
    "a later epoch": (make_plan(SMALL, VARY, epoch=6), "a run that ends at epoch 6"),
    "a rule": (make_plan(SMALL, VARY, epoch=5, stop_loss=0.0), "runs with another rule to stop"),
    "another field": (make_plan(SMALL, {"noise": [0]}, epoch=5), "columns noise"),
    "more columns": (make_plan(SMALL, VARY, epoch=5, curves=True), "columns curves"),
    "fewer columns": (make_plan(SMALL, {"hidden": [()]}, epoch=5), "no column learning_rate"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_results_of_another_sweep_are_refused_and_left_alone(path, what):
    other, sentence = OTHERS[what]
    written(path, other)
    before = path.read_bytes()
    with pytest.raises(SweepError) as caught:
        Results(path).done(make_plan(SMALL, VARY, epoch=5))
    assert str(caught.value).startswith(
        f"{path} holds results of another sweep, which has {sentence}"
    )
    assert path.read_bytes() == before


def test_another_version_is_refused(tmp_path):
    path = tmp_path / "sweep.jsonl"
    plan = make_plan(SMALL, VARY, epoch=5)
    written(path, plan)
    path.write_text(path.read_text().replace("?v=1&", "?v=9&"))
    with pytest.raises(SweepError, match="which has links of another version"):
        Results(path).done(plan)


def opened(path, plan):
    results = Results(path)
    results.done(plan)
    with results.append(plan):
        pass


@pytest.mark.parametrize("content", [b"garbage\n", b"\xff\xfe\n", b"[1]\n", b"1,2\n3\n"])
def test_other_files_are_refused(path, content):
    path.write_bytes(content)
    plan = make_plan(SMALL, VARY, epoch=5)
    with pytest.raises(SweepError) as caught:
        opened(path, plan)
    assert re.fullmatch(
        f"{re.escape(str(path))} (is not a file of a sweep's results|has other columns; "
        "name another file|holds results of another sweep, which has .*)",
        str(caught.value),
    )
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("ending", "old", "new", "said"),
    [
        ("csv", ",0,0,5,", ",0,0,x,", "x"),
        ("csv", ",0,0,5,", ",0,0,,", "None"),
        ("jsonl", '"epoch": 5', '"epoch": [5]', "[5]"),
        ("jsonl", '"epoch": 5', '"epoch": 1e999', "inf"),
    ],
)
def test_an_epoch_that_is_no_number_is_one_sentence(tmp_path, ending, old, new, said):
    path = tmp_path / f"sweep.{ending}"
    plan = make_plan(SMALL, VARY, epoch=5)
    written(path, plan)
    lines = path.read_text().splitlines(keepends=True)
    row = 2 if ending == "csv" else 1  # below a head
    lines[row] = lines[row].replace(old, new)
    path.write_text("".join(lines))
    sentence = f"{path} is not a file of a sweep's results: row 2 has the epoch {said}"
    with pytest.raises(SweepError, match=f"^{re.escape(sentence)}$"):
        Results(path).done(plan)
    with pytest.raises(SweepError, match=r"^the file is not one of a sweep's results$"):
        summarise(Results(path).rows())


def test_a_full_disk_is_a_sentence_and_the_rows_before_stay(tmp_path):
    path = tmp_path / "sweep.jsonl"
    plan = make_plan(SMALL, VARY, epoch=2)
    rows = [plan.completed(row_of(run)) for run in plan]

    class Full:
        """A file on a disk with room for a part of another row."""

        def __init__(self, file):
            self.file, self.room = file, 100

        def __getattr__(self, name):
            return getattr(self.file, name)

        def write(self, data):
            if not self.room:
                raise OSError(28, "No space left on device")
            count, self.room = self.file.write(data[: self.room]), 0
            return count

    with Results(path).append(plan) as file:
        file.add(rows[0])
        file._file = Full(file._file)
        with pytest.raises(WriteError, match=r"cannot be written: no space left on device$"):
            file.add(rows[1])
    assert [json.loads(line)["recipe"] for line in path.read_text().splitlines()] == [
        rows[0]["recipe"]
    ]


def test_an_unknown_ending_is_no_format(tmp_path):
    with pytest.raises(KeyError):
        Results(tmp_path / "sweep.txt")
    with pytest.raises(WriteError, match="there is no folder"):
        Results(tmp_path / "none" / "sweep.csv")
