"""Pages of what edges were (D6), as the contract shows them."""

import strawberry

from graph_api.kernel.rules import INSIDE
from graph_api.network.api.types import ContactVersion
from graph_api.shapes.node import readable_by, shown
from graph_api.shapes.pages import CURSOR, PageInfo, edges_of, nodes_of, page_info_field, total_field


@readable_by(INSIDE)
@strawberry.type(description="An edge in a page of contact versions")
class ContactVersionEdge:
    cursor: str = shown(CURSOR)
    node: ContactVersion = shown("The version")


@readable_by(INSIDE)
@strawberry.type(description="A page of contact versions")
class ContactVersionConnection:
    edges: list[ContactVersionEdge] = edges_of("ContactVersionEdge", __name__)
    nodes: list[ContactVersion] = nodes_of("ContactVersion", __name__)
    page_info: PageInfo = page_info_field()
    total_count: int | None = total_field()
