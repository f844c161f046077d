"""``make mutants``: whether the tests of the NumPy floors notice when a line computes otherwise.

mutmut changes one operator, number, argument or name at a time and runs those tests of the mutant's
own folder that reach it. Prints the share of mutants killed. Ends with an error where one survives.
``mutants.txt`` names those that no test can kill, and why; they are not run. Files narrow it down:
``python -m tests.mutants nnviz/choices/outputs.py``.

Left out: strings, since wording is no arithmetic (and a changed option, such as ``mode="clip"``,
raises at once); by mutmut itself, constants of modules and decorated functions. A zip that is
``strict`` or not counts as equivalent: it asks for equal lengths where they are equal anyway.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import libcst
import mutmut.__main__ as program
import sklearn.datasets  # noqa: F401  here once, as it takes longer than most mutants' tests
from mutmut.configuration import config
from mutmut.mutation import mutators
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.state import state
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

KILLED = ("killed", "timeout", "segfault")
NOT_RUN = 255  # the tests could not be run at all, which mutmut takes for a timeout
SKIPPED = 34
Change = tuple[str, str, str]  # the file and the lines that a mutant takes out and puts in


def main(files: list[str]) -> int:
    shutil.rmtree("mutants", ignore_errors=True)  # mutmut would let old results stand
    mutators.mutation_operators.remove((libcst.BaseString, mutators.operator_string))
    if files:
        config().only_mutate = files
        config().pytest_add_cli_args_test_selection = sorted({_own_tests(file) for file in files})
    program.collect_or_load_stats = _own_tests_first(program.collect_or_load_stats)
    program.create_mutants = _without_equivalents(program.create_mutants)
    program._run((), max_children=None)
    return report()


def equivalents(text: str) -> set[Change]:
    """The changes listed: paragraphs of a file, a reason, lines out (-), and one in (+) each."""
    found = set()
    for paragraph in text.strip().split("\n\n"):
        file, *lines = paragraph.splitlines()
        out, into = _signed(lines)
        found |= {(file, out, line) for line in into.split("\n")}
    return found


def report() -> int:
    """Print each file's figures and every survivor that was not skipped; 1 if there is one."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            status = "not run" if code == NOT_RUN else status_by_exit_code[code]
            verdict = "killed" if status in KILLED else "survived"
            counts[str(path)]["equivalent" if code == SKIPPED else verdict] += 1
            if code != SKIPPED and verdict == "survived":
                print(f"\n{status}: {name}\n{get_diff_for_mutant(name, path=path)}")
    total = sum(counts.values(), Counter())
    for file, count in [*counts.items(), ("all", total)]:
        n = count.total()
        print(
            f"{file:32} {n:5} mutants, {count['killed']:5} killed ({count['killed'] / n:6.1%}), "
            f"{count['equivalent']:3} equivalent, {count['survived']:3} survived"
        )
    return int(total["survived"] > 0)


def _own_tests(file: str) -> str:
    """The folder, or the file, that holds the tests of a module."""
    folder = Path("tests", *Path(file).parts[1:-1])
    return str(folder) if folder.name != "tests" else f"tests/test_{Path(file).name}"


def _own_tests_first(collect: Any) -> Any:
    """mutmut's list of the tests that reach a function, without those of other folders.

    First come those of the module itself, then the quick ones, so that most mutants die soon.
    Tests are named without their parameters, whose names pytest escapes once more in each process.
    """

    def collect_own(runner: Any, **options: Any) -> None:
        collect(runner, **options)
        reached, seconds = state().tests_by_mangled_function_name, state().duration_by_test
        for test, duration in list(seconds.items()):
            if test != _plain(test):
                seconds[_plain(test)] = seconds.get(_plain(test), 0.0) + duration
        for function, tests in reached.items():
            file = function.rpartition(".")[0].replace(".", "/") + ".py"
            first = f"/test_{Path(file).stem}"
            reached[function] = sorted(
                {_plain(test) for test in tests if test.startswith(_own_tests(file))},
                key=lambda test: (first not in test, seconds[test]),
            )

    return collect_own


def _without_equivalents(create: Any) -> Any:
    """mutmut's mutants, less those that would pass all their tests, slow ones too."""
    known = equivalents(Path(__file__).with_suffix(".txt").read_text("utf-8"))

    def create_others(max_children: int) -> Any:
        stats = create(max_children)
        for path in walk_mutatable_files():
            data = SourceFileMutationData(path=path)
            data.load()
            for name in data.exit_code_by_key:
                out, into = _signed(get_diff_for_mutant(name, path=path).splitlines()[2:])
                is_known = (str(path), out, into) in known
                if is_known or _without_strict(out) == _without_strict(into):
                    data.exit_code_by_key[name] = SKIPPED
            data.save()
        return stats

    return create_others


def _signed(lines: list[str]) -> tuple[str, str]:
    """The lines of a diff that go, and those that come, without their indentation."""
    out, into = (
        "\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return out, into


def _plain(test: str) -> str:
    return test.partition("[")[0]


def _without_strict(lines: str) -> str:
    return re.sub(r"strict=\w+|\s", "", lines)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
