"""Pages, as Relay has them."""

from typing import Annotated, Any

import strawberry

from graph_api.kernel.paging import Page
from graph_api.kernel.rules import EVERYONE
from graph_api.shapes.node import readable_by, shown

FIRST = Annotated[
    int | None, strawberry.argument(description="How many items to return from the start, 1 to 100; 25 by default")
]
AFTER = Annotated[str | None, strawberry.argument(description="Return the items after this cursor")]
LAST = Annotated[int | None, strawberry.argument(description="How many items to return from the end, 1 to 100")]
BEFORE = Annotated[str | None, strawberry.argument(description="Return the items before this cursor")]


@readable_by(EVERYONE)
@strawberry.type(description="Information about a page: whether there is more, and where it starts and ends")
class PageInfo:
    has_next_page: bool = shown("Whether there are more items after this page")
    has_previous_page: bool = shown("Whether there are more items before this page")
    start_cursor: str | None = shown("The cursor of the first edge")
    end_cursor: str | None = shown("The cursor of the last edge")


def page_info(root: strawberry.Parent[Any]) -> PageInfo:
    page: Page[Any, Any] = root
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.start_cursor,
        end_cursor=page.end_cursor,
    )


def page_edges(root: strawberry.Parent[Any]) -> Any:
    page: Page[Any, Any] = root
    return [Edge(cursor, node) for cursor, node in zip(page.cursors, page.items, strict=True)]


class Edge:
    """A row and its cursor."""

    __slots__ = ("cursor", "node")

    def __init__(self, cursor: str, node: Any) -> None:
        self.cursor = cursor
        self.node = node


CURSOR = "Cursor of this item, for use in pagination"


def edges_of(edge: str, module: str) -> Any:
    return strawberry.field(
        resolver=page_edges,
        description="The items with their cursors",
        graphql_type=list[Annotated[edge, strawberry.lazy(module)]],  # type: ignore[valid-type]
    )


def page_nodes(root: strawberry.Parent[Any]) -> Any:
    return root.items


def page_total(root: strawberry.Parent[Any]) -> int | None:
    page: Page[Any, Any] = root
    return page.total


def nodes_of(node: str, module: str) -> Any:
    return strawberry.field(
        resolver=page_nodes,
        description="The items",
        graphql_type=list[Annotated[node, strawberry.lazy(module)]],  # type: ignore[valid-type]
    )


def page_info_field() -> Any:
    return strawberry.field(resolver=page_info, description="Information about the page")


def total_field() -> Any:
    return strawberry.field(
        resolver=page_total, description="The number of items on all pages; counted only if you select it"
    )
