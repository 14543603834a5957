"""What many people write next: httpx as it comes, with as many rows under way as connections."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx

url, bodies, connections = sys.argv[1:]
headers = {
    "Authorization": "Basic measured",
    "Content-Type": "application/x-www-form-urlencoded",
}


async def work(client: httpx.AsyncClient, rows: Iterator[str]) -> None:
    """Post rows as long as there are any."""
    for body in rows:
        answer = await client.post(url, content=body, headers=headers)
        assert answer.text == "1", answer.text


async def main(rows: Iterator[str]) -> None:
    """Post all rows."""
    limits = httpx.Limits(max_connections=int(connections))
    async with httpx.AsyncClient(limits=limits) as client:
        await asyncio.gather(*(work(client, rows) for _ in range(int(connections))))


asyncio.run(main(iter(Path(bodies).read_text().splitlines())))
