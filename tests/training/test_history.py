"""Metrics stored in blocks read as one array."""

from copy import copy

import numpy as np

from nnviz.training.history import BLOCK, History

N = 2 * BLOCK + 7
ROWS = np.arange(4.0 * N).reshape(N, 4)


def history(*sizes):
    """The rows, written in pieces of these sizes, over and over."""
    made, epoch = History(), 0
    while epoch < N:
        for size in sizes:
            made.put(epoch, ROWS[epoch : epoch + size])
            epoch += size
    return made


def test_rows_are_read_as_they_were_written_across_blocks():
    for made in (history(1), history(20, 7), history(N)):
        for start, stop in ((0, N), (3, 9), (BLOCK - 1, BLOCK + 1), (BLOCK, N), (0, BLOCK)):
            np.testing.assert_array_equal(made.rows(start, stop), ROWS[start:stop])


def test_rows_of_one_block_are_a_view():
    made = history(N)
    assert np.shares_memory(made.rows(0, BLOCK), made.rows(3, 9))
    assert not np.shares_memory(made.rows(0, BLOCK + 1), made.rows(3, 9))


def test_no_row_is_read_where_a_block_ends():
    made = History()
    made.put(0, ROWS[:BLOCK])
    assert made.rows(BLOCK, BLOCK).shape == made.rows(N, BLOCK).shape == (0, 4)


def test_rows_written_again_replace_those_of_these_epochs():
    made = history(20)
    made.put(BLOCK - 3, -ROWS[:6])
    np.testing.assert_array_equal(made.rows(BLOCK - 3, BLOCK + 3), -ROWS[:6])
    np.testing.assert_array_equal(made.rows(BLOCK + 3, N), ROWS[BLOCK + 3 :])


def test_a_copy_goes_its_own_way():
    made = history(20)
    other = copy(made)
    other.put(0, -ROWS)
    np.testing.assert_array_equal(made.rows(0, N), ROWS)
