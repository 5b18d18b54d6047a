"""A connection as a front end pages through it, each page held to Relay's rules."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.api import Api

VARIABLES = "$first: Int, $after: String, $last: Int, $before: String"
PAGE = "first: $first, after: $after, last: $last, before: $before"
FIELDS = """nodes { id } edges { cursor node { id } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"""


@dataclass(frozen=True)
class Listing:
    """`clients`, or a person's `contactNetwork` or `contactOf`; `filter` as it stands in the arguments."""

    api: Api
    field: str
    person_id: str | None = None
    filter: str = ""

    @property
    def document(self) -> str:
        """The query; a page's arguments are variables."""
        narrow = f", filter: {self.filter}" if self.filter else ""
        connection = f"{self.field}({PAGE}{narrow}) {{ {FIELDS} }}"
        if self.person_id is not None:
            connection = f'person(id: "{self.person_id}") {{ {connection} }}'
        return f"query ({VARIABLES}) {{ {connection} }}"

    async def page(self, **arguments: Any) -> dict[str, Any]:
        """One page."""
        data = await self.api.query(self.document, **arguments)
        found: dict[str, Any] = (data if self.person_id is None else data["person"])[self.field]
        return found

    async def code(self, **arguments: Any) -> str:
        """The code with which a page is refused."""
        answer = await self.api.execute(self.document, **arguments)
        [error] = answer["errors"]
        refused = answer["data"] if self.person_id is None else answer["data"]["person"]
        assert refused[self.field] is None
        code: str = error["extensions"]["code"]
        return code

    async def forwards(self, size: int, between: Callable[[], Awaitable[Any]] | None = None) -> list[str]:
        """All ids, by first and after; `between` is awaited between pages."""
        found: list[str] = []
        page = await self.page(first=size)
        while True:
            ids = ids_of(page, size)
            assert page["pageInfo"]["hasPreviousPage"] == bool(found)
            found += ids
            if not page["pageInfo"]["hasNextPage"]:
                return found
            assert len(ids) == size
            if between is not None:
                await between()
            page = await self.page(first=size, after=page["pageInfo"]["endCursor"])

    async def backwards(self, size: int, between: Callable[[], Awaitable[Any]] | None = None) -> list[str]:
        """All ids in reading order, by last and before."""
        found: list[str] = []
        page = await self.page(last=size)
        while True:
            ids = ids_of(page, size)
            assert page["pageInfo"]["hasNextPage"] == bool(found)
            found = ids + found
            if not page["pageInfo"]["hasPreviousPage"]:
                return found
            assert len(ids) == size
            if between is not None:
                await between()
            page = await self.page(last=size, before=page["pageInfo"]["startCursor"])


def ids_of(page: dict[str, Any], size: int) -> list[str]:
    """A page's ids, once its parts agree."""
    ids = [node["id"] for node in page["nodes"]]
    edges, info = page["edges"], page["pageInfo"]
    assert ids == [edge["node"]["id"] for edge in edges]
    assert len(ids) <= size
    assert (info["startCursor"], info["endCursor"]) == (
        (edges[0]["cursor"], edges[-1]["cursor"]) if edges else (None, None)
    )
    return ids
