"""Work in pieces."""

import pytest

from nnviz.training.pieces import done, pausing


def counted(n, seen):
    """Work of ``n`` steps."""
    try:
        for i in range(n):
            seen.append(i)
            yield
    except GeneratorExit:
        seen.append("called off")
        raise
    return "result"


def test_all_of_it_is_done_without_a_pause():
    seen = []
    assert done(counted(3, seen)) == "result"
    assert seen == [0, 1, 2]


def test_pauses_only_where_one_is_due():
    seen = []
    work = pausing(counted(6, seen), lambda: len(seen) % 2 == 0)
    stops = []

    def whole():
        result = yield from work
        stops.append(result)

    for _ in whole():
        stops.append(len(seen))
    assert stops == [2, 4, 6, "result"]


def test_what_goes_wrong_reaches_the_caller():
    def failing():
        yield
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        done(failing())
    with pytest.raises(ValueError, match="wrong"):
        done(pausing(failing(), lambda: True))


def test_calling_off_reaches_the_work():
    seen = []
    work = pausing(counted(3, seen), lambda: True)
    next(work)
    work.close()
    assert seen == [0, "called off"]
