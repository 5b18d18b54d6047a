"""A page of a network in GraphQL."""

from graph_api.kernel.paging import Page, PageArguments
from graph_api.network import model as network_model
from graph_api.network.api.inputs import ContactFilter, contact_filter
from graph_api.network.api.loaders import NetworkLoader
from graph_api.network.reading import EdgePair, Reading
from graph_api.network.records import EdgeRecord
from graph_api.network.requests import Side
from graph_api.people import model as people_model
from graph_api.shapes.context import Info
from graph_api.shapes.selection import selects


async def network_page(
    info: Info, person: people_model.Person, side: Side, arguments: PageArguments, narrow: ContactFilter | None
) -> Page[EdgePair, network_model.Contact]:
    context = info.context
    query = context[Reading].network_query(
        side, arguments, contact_filter(narrow), with_total=selects(info, "totalCount")
    )
    loaded = await context[NetworkLoader].load((query.request, person.id))

    def contact(edge: EdgePair) -> network_model.Contact:
        near, far = loaded[0] if loaded is not None else [], edge[1]
        client, other = (near, far) if side is Side.CONTACT_NETWORK else (far, near)
        return context[Reading].contact_model(EdgeRecord(edge[0], client, other))

    return query.page(loaded).shown_as(contact)
