"""The search before adding, in GraphQL."""

import strawberry

from graph_api.kernel.rules import INSIDE
from graph_api.network import finding as searching
from graph_api.network.api.types import Contact
from graph_api.network.reading import Reading
from graph_api.people.api.types import Person
from graph_api.people.duplicates import MatchField
from graph_api.shapes.node import readable_by, shown
from graph_api.shapes.pages import CURSOR, PageInfo, edges_of, nodes_of, page_info_field


@readable_by(INSIDE)
@strawberry.type(description="A person that the search found")
class ContactMatch:
    person: Person = shown("The person")
    score: float = shown("How well the person matches the search, 0 to 1")
    matched_on: list[MatchField] = shown("The fields that match the search")
    is_client: bool = shown("Whether the person is or was a client")
    client_count: int = shown("The number of clients' networks the person is in")
    existing_contact: Contact | None = shown("The person's contact in the network of forClientId, if any")


@readable_by(INSIDE)
@strawberry.type(description="An edge in a page of search results")
class ContactMatchEdge:
    cursor: str = shown(CURSOR)
    node: ContactMatch = shown("The match")


@readable_by(INSIDE)
@strawberry.type(description="A page of search results, the best first")
class ContactMatchConnection:
    edges: list[ContactMatchEdge] = edges_of("ContactMatchEdge", __name__)
    nodes: list[ContactMatch] = nodes_of("ContactMatch", __name__)
    page_info: PageInfo = page_info_field()


class FoundContact:
    """A match as the ordinary way shows it."""

    def __init__(self, reading: Reading, match: searching.ContactMatch) -> None:
        self.person = reading.person_model(match.record)
        self.score = match.score
        self.matched_on = match.matched_on
        self.is_client = self.person.is_client
        self.client_count = match.client_count
        self.existing_contact = None if match.existing is None else reading.contact_model(match.existing)
