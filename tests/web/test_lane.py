"""Lane: pages are made in the order in which they were asked for, so many at a time."""

from __future__ import annotations

import asyncio

import pytest

from estelik.web.lane import Lane


def test_nobody_comes_between_and_whoever_asked_first_is_first() -> None:
    async def asked() -> tuple[list[int], int]:
        lane, order, most, now = Lane(2, 60), list[int](), 0, 0

        async def one(number: int) -> None:
            nonlocal most, now
            async with lane.place():
                now += 1
                most = max(most, now)
                order.append(number)
                await asyncio.sleep(0.001)
                now -= 1

        await asyncio.gather(*map(one, range(20)))
        return order, most

    assert asyncio.run(asked()) == (list(range(20)), 2)


def test_what_takes_long_gives_its_place_away_once() -> None:
    """And no place is won or lost by it, nor by what fails."""

    async def asked() -> list[str]:
        lane, said = Lane(1, 0.05), list[str]()
        over = asyncio.Event()

        async def long() -> None:
            async with lane.place():
                await over.wait()
                said.append("long")

        async def fails() -> None:
            async with lane.place():
                raise ConnectionError

        async def short(number: int) -> None:
            async with lane.place():
                said.append(f"in {number}")
                await asyncio.sleep(0.01)
                said.append(f"out {number}")

        waiting = asyncio.ensure_future(long())
        await asyncio.sleep(0)
        with pytest.raises(ConnectionError):
            await fails()
        await short(1)
        over.set()
        await waiting
        await asyncio.gather(short(2), short(3))
        return said

    found = asyncio.run(asked())
    assert found == ["in 1", "out 1", "long", "in 2", "out 2", "in 3", "out 3"]


def test_who_goes_before_her_turn_takes_no_place() -> None:
    """A browser that asks no more, while it waits or while it is answered."""

    async def asked() -> bool:
        lane = Lane(1, 60)

        async def one() -> None:
            async with lane.place():
                await asyncio.sleep(60)

        first, second = asyncio.ensure_future(one()), asyncio.ensure_future(one())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for task in (second, first):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with asyncio.timeout(5), lane.place():
            return True

    assert asyncio.run(asked())
