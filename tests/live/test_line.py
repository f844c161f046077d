"""A line of jobs: one at a time, each address in turn."""

import asyncio

import pytest

from nnviz.live.line import Line


def served(*addresses):
    """The numbers of the places in a line in the order in which they are served."""
    line, order = Line(), []
    places = [line.join(address) for address in addresses]
    while line.active:
        order.append(places.index(line.active))
        line.leave(line.active)
    return order


@pytest.mark.parametrize(
    ("addresses", "order"),
    [("a", [0]), ("aaa", [0, 1, 2]), ("aaab", [0, 1, 3, 2]), ("aaabbc", [0, 1, 3, 5, 2, 4])],
)
def test_addresses_take_turns_and_each_is_served_in_the_order_it_came(addresses, order):
    assert served(*addresses) == order


@pytest.mark.parametrize("addresses", ["aaab", "abab", "aabbcc"])
def test_a_place_says_how_many_come_first(addresses):
    line = Line()
    places = [line.join(address) for address in addresses]
    order = served(*addresses)
    assert [places[i].before for i in order] == list(range(len(addresses)))


def test_who_leaves_is_not_counted_any_more():
    line = Line()
    first, second, third = (line.join("a") for _ in range(3))
    assert (len(line), line.count("a"), line.count("b")) == (3, 3, 0)
    line.leave(second)
    line.leave(second)
    assert (len(line), line.active, third.before) == (2, first, 1)
    line.leave(first)
    assert (len(line), line.active, third.before) == (1, third, 0)


def test_a_turn_is_awaited_and_every_change_on_the_way_is_reported():
    async def scenario():
        line, reports, first_report = Line(), [], asyncio.Event()
        first, second, third = (line.join("a") for _ in range(3))

        async def moved(before):
            reports.append(before)
            first_report.set()

        turn = asyncio.create_task(third.turn(moved))
        await first_report.wait()
        first_report.clear()
        line.leave(first)
        await first_report.wait()
        line.leave(second)
        await turn
        return reports

    assert asyncio.run(asyncio.wait_for(scenario(), 30)) == [2, 1]
