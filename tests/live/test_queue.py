"""The queue of one socket's requests: order, what is dropped, and how many may wait."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz.live.operations import OPERATIONS
from nnviz.live.queue import MOST_WAITING, RequestQueue
from nnviz.live.requests import read

FRAME, LOOK = {"op": "frame", "epochs": 5}, {"op": "frame"}
SEEK, ONWARD = {"op": "seek", "epoch": 9}, {"op": "seek", "epoch": 9, "onward": True}
EDIT = {"op": "edit", "field": "l2", "value": 0.1, "epoch": 9}
EXPORT = {"op": "export", "what": "link", "epoch": 9}
OPEN = {"op": "open", "recipe": {}}
FROM = {"op": "frame", "epochs": 5, "epoch": 9}
WRONG = {"op": "frame", "epochs": "many"}
DETAIL = {"op": "detail", "first": 20}

PASSING = [FRAME, LOOK, SEEK, ONWARD, FROM]
SUPERSEDING = [SEEK, EDIT, EXPORT, OPEN, FROM]


def after(*messages):
    """Which of the messages are carried out where all wait."""

    async def run():
        queue = RequestQueue()
        for message in messages:
            await queue.put(read(message, OPERATIONS))
        return [await queue.get() for _ in messages]

    requests = asyncio.run(run())
    assert [request.message for request in requests] == list(messages)  # in order, each once
    return [not request.is_dropped for request in requests]


def test_requests_come_in_order_and_frames_of_one_run_are_all_carried_out():
    assert after(FRAME, FRAME, LOOK, FRAME) == [True] * 4


@pytest.mark.parametrize("last", SUPERSEDING)
@pytest.mark.parametrize("first", PASSING)
def test_frames_and_seeks_are_dropped_where_a_later_request_says_where_the_run_has_to_be(
    first, last
):
    assert after(first, first, last, FRAME) == [False, False, True, True]


@pytest.mark.parametrize("last", [FRAME, LOOK, ONWARD, WRONG])
def test_what_only_goes_on_drops_nothing(last):
    assert after(SEEK, FRAME, last) == [True] * 3


@pytest.mark.parametrize("first", [EDIT, EXPORT, OPEN, WRONG])
@pytest.mark.parametrize("last", SUPERSEDING)
def test_what_leaves_something_behind_is_carried_out_whatever_comes_after(first, last):
    assert after(first, last) == [True, True]


@pytest.mark.parametrize("last", [FRAME, LOOK, SEEK, ONWARD, EDIT, EXPORT, OPEN, FROM, WRONG])
def test_a_detail_is_dropped_for_whatever_comes_after_but_another_one(last):
    assert after(DETAIL, DETAIL) == [True, True]
    assert after(DETAIL, DETAIL, last, DETAIL) == [False, False, True, True]
    assert after(last, DETAIL) == [True, True]


@given(st.lists(st.sampled_from([*PASSING, *SUPERSEDING, WRONG]), max_size=20))
def test_what_is_dropped_is_followed_by_what_makes_it_pointless(messages):
    done = after(*messages)
    for place, (message, is_done) in enumerate(zip(messages, done, strict=True)):
        later = [other for other in messages[place + 1 :] if other in SUPERSEDING]
        assert is_done == (message not in PASSING or not later)


def test_a_full_queue_takes_no_more_until_there_is_room():
    async def run():
        queue = RequestQueue()
        frame = read(FRAME, OPERATIONS)
        for _ in range(MOST_WAITING):
            await queue.put(frame)
        last = asyncio.create_task(queue.put(frame))
        for _ in range(3):
            await asyncio.sleep(0)
        assert not last.done()
        await queue.get()
        await last

    asyncio.run(asyncio.wait_for(run(), 30))


def test_a_request_is_waited_for():
    async def run():
        queue = RequestQueue()
        first = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        assert not first.done()
        await queue.put(read(FRAME, OPERATIONS))
        return await first

    assert asyncio.run(asyncio.wait_for(run(), 30)).message == FRAME
