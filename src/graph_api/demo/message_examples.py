"""GraphiQL's tabs about secure messages: what a portal account asks and writes, and what staff see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_api.acting.messages.model import Thread
from graph_api.acting.messages.reading import MessageReading
from graph_api.demo.conversations import INVITED_FOR, WRITER
from graph_api.demo.seeding import MAPLE
from graph_api.demo.tabs import PORTAL, mutation_tab
from graph_api.http.graphiql import ExampleTab
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.records import ID
from graph_api.kernel.scope import Scope
from graph_api.network.reading import Reading
from graph_api.network.records import EdgeProperties

LOOKED_AT = 25
ANSWERED = "Hearing test"
WAITING = "Flu vaccine"

MINE = """query MyConversations {
  viewer {
    unreadThreads
    actsFor(first: 10) {
      nodes {
        client { displayName
          messageThreads(first: 5) {
            nodes { id subject audience unreadCount
              messages(last: 1) { nodes { sequence sentAt isOwn author { text } body } } } } } } } }
}"""

WRITE = """mutation WriteToThePractice($input: StartThreadInput!) {
  startThread(input: $input) {
    thread { subject audience client { displayName } messages(first: 1) { nodes { author { text } body } } }
    errors { __typename code message path ... on InvalidInput { reason } }
  }
}"""

READ = """mutation MarkRead($input: MarkThreadReadInput!) {
  markThreadRead(input: $input) {
    thread { subject unreadCount }
    errors { __typename code message path ... on InvalidInput { reason } }
  }
}"""

INBOX = """query Inbox($filter: InboxFilter) {
  messageInbox(filter: $filter, first: 10) {
    nodes { subject audience awaitsReply unreadCount assignedTo { displayName }
      messages(last: 1) { nodes { author { text contactVersion } body } } }
  }
}"""

CONVERSATION = """query Conversation($id: ID!) {
  node(id: $id) {
    ... on MessageThread {
      subject audience status version unreadCount client { displayName } readers { displayName }
      messages(first: 20) {
        totalCount
        nodes { id sequence sentAt isOwn body
          author { text person { id } practitioner { displayName title } contact { relationship } contactVersion } }
      }
    }
  }
}"""

ANSWER = """mutation Answer($input: SendMessageInput!) {
  sendMessage(input: $input) {
    message { sequence author { text } body thread { subject awaitsReply readers { displayName } } }
    errors { __typename code message path ... on InvalidInput { reason } }
    warnings { code message persons { displayName } }
  }
}"""

SWITCH_OFF = """mutation SwitchMessagesOff($input: UpdateContactInput!) {
  updateContact(input: $input) {
    contact { version secureMessaging messagesFrom person { displayName } }
    errors { __typename code message path ... on VersionConflict { currentVersion } }
  }
}"""


@dataclass(frozen=True, slots=True)
class _Known:
    """Ids that the examples name; what is not there any more is None."""

    client_id: str
    contact: tuple[str, int] | None
    threads: Mapping[str, Thread]
    """By their subject lines."""


async def message_tabs(scope: Scope) -> Sequence[ExampleTab]:
    """In the order of a story: she reads and writes, staff answer, and access is switched off."""
    known = await _look_up(scope)
    if known is None:
        return ()
    return (*_of_account(known), *_of_staff(known))


def _of_account(known: _Known) -> Sequence[ExampleTab]:
    draft = {"clientId": known.client_id, "subject": "Swimming", "body": "May Ben go swimming again?"}
    tabs = [
        ExampleTab("As Anna: conversations", PORTAL, MINE),
        mutation_tab("As Anna: write for Ben", WRITE, draft, PORTAL),
    ]
    if answered := known.threads.get(ANSWERED):
        values = {"threadId": answered.id, "through": answered.last_sequence}
        tabs.append(mutation_tab("As Anna: mark as read", READ, values, PORTAL))
    return tabs


def _of_staff(known: _Known) -> Sequence[ExampleTab]:
    inbox = ExampleTab("The inbox", MAPLE[0], INBOX, {"filter": {"awaitsReply": True}})
    tabs = [inbox]
    if waiting := known.threads.get(WAITING):
        title = "A conversation, and who can read it"
        tabs.append(ExampleTab(title, MAPLE[0], CONVERSATION, {"id": waiting.id}))
        values = {"threadId": waiting.id, "body": "No. His arm may hurt a little for a day."}
        tabs.append(mutation_tab("Answer it", ANSWER, values))
    if known.contact is not None:
        contact_id, version = known.contact
        off = {"contactId": contact_id, "expectedVersion": version, "changes": {"secureMessaging": False}}
        tabs.append(mutation_tab("Switch messages off", SWITCH_OFF, off))
    return tabs


async def _look_up(scope: Scope) -> _Known | None:
    reading = scope[Reading]
    client = await reading.person_by_external_id(INVITED_FOR, None, ID)
    writer = await reading.person_by_external_id(WRITER, None, ID)
    if client is None or writer is None:
        return None
    pair = (client[0], writer[0])
    edge = (await reading.between([pair], EdgeProperties(contact=("id", "version")))).get(pair)
    page = await scope[MessageReading].of_client(client[0], PageArguments(first=LOOKED_AT))
    found = () if page is None else page.items
    threads = {shown.subject: shown.thread for shown in reversed(found) if shown.subject is not None}
    return _Known(client[0], None if edge is None else (edge.contact[0], edge.contact[1]), threads)
