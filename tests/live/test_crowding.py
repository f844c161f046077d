"""How many runs leave a process that does too much."""

import pytest

from nnviz.live.crowding import MOST_SHARE, WINDOW, Crowding


class Process:
    """A process that uses a share of a core."""

    def __init__(self):
        self.now = self.used = 0.0
        self.crowding = Crowding(lambda: self.now, lambda: self.used)

    def leaving(self, share, n_runs, seconds=WINDOW):
        """How many of its runs leave after so long a time."""
        self.now += seconds
        self.used += share * seconds
        return sum(self.crowding.lets_go(n_runs) for _ in range(n_runs))


@pytest.fixture
def process():
    return Process()


def test_nobody_leaves_a_process_with_room(process):
    assert process.leaving(MOST_SHARE, 60) == 0


def test_so_many_leave_that_the_others_fit(process):
    assert process.leaving(2 * MOST_SHARE, 60) == 30
    assert process.leaving(1.0, 9) == 3
    assert process.leaving(0.01, 10) == 0  # not the next time


def test_one_run_that_is_too_much_leaves(process):
    assert process.leaving(0.9, 1) == 1


def test_a_moment_is_no_measure(process):
    assert process.leaving(1.0, 60, seconds=WINDOW / 10) == 0
    assert process.leaving(0.0, 60) == 0
