"""GraphiQL's tabs about appointments: what a portal account books, and what staff see of it."""

from collections.abc import Sequence

from graph_api.acting.appointments.model import AppointmentStatus
from graph_api.acting.appointments.opening_questions import OpeningQuestions, Wanted
from graph_api.acting.appointments.questions import SettingQuestions
from graph_api.acting.appointments.reading import AppointmentReading, Listed
from graph_api.demo.clinic import CHECK_UP
from graph_api.demo.conversations import INVITED_FOR
from graph_api.demo.reminding import CONFIDENTIAL, HOUSEHOLD
from graph_api.demo.seeding import MAPLE
from graph_api.demo.tabs import PORTAL, mutation_tab
from graph_api.http.graphiql import ExampleTab
from graph_api.kernel.paging import PageArguments
from graph_api.kernel.records import ID
from graph_api.kernel.scope import Scope
from graph_api.network.reading import Reading

LOOKED_AHEAD = 21
"""Days in which a free time is looked for."""
REFUSALS = "errors { __typename code message path ... on InvalidInput { reason } }"

OPENINGS = """query OpeningsForBen($client: ID!, $type: ID!, $from: Date!) {
  openings(clientId: $client, typeId: $type, from: $from, days: 14, first: 5) {
    nodes { startsAt localStart timeZone practitioner { displayName } location { name } }
    pageInfo { hasNextPage endCursor }
  }
}"""

BOOK = f"""mutation Book($input: BookAppointmentInput!) {{
  bookAppointment(input: $input) {{
    appointment {{ id version status localStart timeZone bookedBy {{ text }} canCancelUntil }}
    {REFUSALS}
  }}
}}"""

MINE = """query MyAppointments {
  viewer {
    actsFor(first: 10) {
      nodes {
        client { displayName
          appointments(last: 10) {
            nodes { id version status localStart timeZone type { publicName } location { name } link
              bookedBy { text } canCancelUntil } } } } } }
}"""

CANCEL = f"""mutation Cancel($input: CancelAppointmentInput!) {{
  cancelAppointment(input: $input) {{
    appointment {{ status isLate cancelledBy {{ text }} }}
    {REFUSALS}
    warnings {{ code message }}
  }}
}}"""

FEED = f"""mutation ReadThemInMyCalendar($input: CreateCalendarFeedInput!) {{
  createCalendarFeed(input: $input) {{
    feed {{ name showsFirstNames createdAt }}
    url
    {REFUSALS}
  }}
}}"""

REQUESTS = """query RequestsThatWait {
  appointmentRequests(first: 10) {
    nodes { id version localStart timeZone heldUntil client { displayName } type { name }
      bookedBy { text contactVersion } bookingReason }
  }
}"""

CONFIRM = f"""mutation Confirm($input: ConfirmAppointmentInput!) {{
  confirmAppointment(input: $input) {{
    appointment {{ status version localStart bookedBy {{ text }} }}
    {REFUSALS}
  }}
}}"""

AGENDA = """query Agenda($from: Date!) {
  agenda(from: $from, days: 14, first: 20) {
    nodes { status localStart timeZone isOverbooked practitioner { displayName } location { name } type { name }
      client { displayName } bookedBy { text } cancelledBy { text } cancelReason }
  }
}"""


REMINDED = """query WhoIsReminded($id: ID!) {
  previewReminders(appointmentId: $id) {
    rule { minutesBefore } person { displayName } channel maskedAddress sendAt reason
  }
  node(id: $id) {
    ... on Appointment {
      localStart
      deliveries {
        rule { minutesBefore } persons { displayName } channel maskedAddress sentAt status reason
      }
    }
  }
}"""


async def appointment_tabs(scope: Scope) -> Sequence[ExampleTab]:
    """In the order of a story: she looks for a time, books and cancels; staff see it and answer a request."""
    client = await scope[Reading].person_by_external_id(INVITED_FOR, None, ID)
    kinds = {one.name: one.id for one in await scope[SettingQuestions].types(None) or ()}
    if client is None or CHECK_UP not in kinds:
        return ()
    client_id, type_id, today = str(client[0]), kinds[CHECK_UP], scope.today.isoformat()
    wanted: dict[str, object] = {"client": client_id, "type": type_id, "from": today}
    tabs = [ExampleTab("As Anna: free times for Ben", PORTAL, OPENINGS, wanted)]
    tabs += await _booking(scope, client_id, type_id)
    tabs.append(ExampleTab("As Anna: appointments", PORTAL, MINE))
    tabs += await _reminded(scope)
    tabs += await _answers(scope, client_id)
    tabs.append(mutation_tab("As Anna: appointments in her calendar", FEED, {"name": "Anna's phone"}, PORTAL))
    tabs.append(ExampleTab("The practice's agenda", MAPLE[0], AGENDA, {"from": today}))
    return tabs


async def _booking(scope: Scope, client_id: str, type_id: str) -> list[ExampleTab]:
    """A time that is free, some days ahead, as portal accounts must book early."""
    found = await scope[OpeningQuestions].all(Wanted(client_id, type_id, scope.today, LOOKED_AHEAD))
    if not found:
        return []
    free = found[len(found) // 2]
    values = {
        "clientId": client_id,
        "typeId": type_id,
        "practitionerId": free.practitioner.id,
        "locationId": free.location.id,
        "startsAt": free.starts_at.isoformat(),
        "reason": "A rash on his arm",
    }
    return [mutation_tab("As Anna: book for Ben", BOOK, values, PORTAL)]


async def _reminded(scope: Scope) -> list[ExampleTab]:
    """Who is reminded of a client's last appointment, and who is not: in a household, and of a confidential client."""
    tabs = []
    for title, key in (("Who is reminded, and why not", HOUSEHOLD), ("Reminders that are confidential", CONFIDENTIAL)):
        client = await scope[Reading].person_by_external_id(key, None, ID)
        if client is not None:
            page = await scope[AppointmentReading].of_client(str(client[0]), Listed(), PageArguments(last=1))
            found = () if page is None else page.items
            tabs += [ExampleTab(title, MAPLE[0], REMINDED, {"id": one.id}) for one in found]
    return tabs


async def _answers(scope: Scope, client_id: str) -> list[ExampleTab]:
    """What can be done to what is there."""
    tabs = []
    for status, title, query, practice in (
        (AppointmentStatus.BOOKED, "As Anna: cancel one", CANCEL, PORTAL),
        (AppointmentStatus.REQUESTED, "Confirm a request", CONFIRM, MAPLE[0]),
    ):
        listed = Listed(scope.now, None, (status,))
        page = await scope[AppointmentReading].of_client(client_id, listed, PageArguments(first=1))
        if status is AppointmentStatus.REQUESTED:
            tabs.append(ExampleTab("Requests for appointments", MAPLE[0], REQUESTS))
        found = () if page is None else page.items
        tabs += [
            mutation_tab(title, query, {"appointmentId": one.id, "expectedVersion": one.version}, practice)
            for one in found
        ]
    return tabs
