"""Random lives of two clients' conversations, beside a plain model of who reads what."""

import random
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from graph_api.access.model import AccountStatus
from graph_api.engine.session import GraphSession
from graph_api.graphql.execution import Executor, Operation
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.graph import Graph
from tests.access.access_lives import replace_account
from tests.access.access_scene import new_practice
from tests.accounts import account_of, give_account
from tests.acting.message_model import STAFF, Client, Edge, Message, Thread, World
from tests.api import Installation, Now, own_address
from tests.lives import BesideLoop

START = datetime(2026, 2, 26, 0, tzinfo=UTC)
ZONE = "Europe/London"
CLIENTS, CONTACTS = ("ben", "bea"), ("anna", "carl", "bea")
"""Bea is a client, and a contact of the other one."""
PEOPLE = ("ben", "bea", "anna", "carl")
BIRTHDAYS = (date(2013, 2, 28), date(2008, 2, 28), date(1990, 5, 5), None)
"""Somebody may be private, or of age, within days of the start."""
RELATIONSHIPS = ("PARENT", "FRIEND", "FRIEND")
AUDIENCES = ("SHARED", "CLIENT_ONLY", "CONTACT_ONLY")
MOST_THREADS, MOST_MESSAGES = 6, 90
"""As many as an operation may ask about by their ids."""
OPENS_AGAIN = 0.85
"""How often what is closed is opened first: behind a closed door nothing can be seen to go wrong."""
KINDS = {"send": 6, "read": 3, "start": 1, "audience": 3, "retract": 1, "status": 1, "edge": 3, "else": 2}
"""What happens, and how often."""
EDGE = ("messages", "messages", "remove", "remove", "portal", "ends", "since", "since", "who")
ELSE = ("status", "client feature", "practice feature", "account", "account", "time", "time")
PASSES = [timedelta(seconds=1), timedelta(minutes=20), timedelta(hours=3)]
SHOWN = "thread { id version messages(first: 1) { nodes { id } } }"
MINE = {"startThread": SHOWN, "sendMessage": "message { id }", "markThreadRead": "thread { id }"}
MINE |= {"setThreadAudience": "thread { id version }", "setThreadStatus": "thread { id version }"}
MINE |= {"retractMessage": "message { id }", "addClient": "person { id version }", "removeContact": "contact { id }"}
MINE |= {"addExistingContact": "contact { id version }", "updateContact": "contact { id version }"}
MINE |= {
    "setClientStatus": "person { id }",
    "setPracticeFeature": "practice { id }",
    "setClientFeature": "client { id }",
}
ASK = """query ($ben: ID!, $bea: ID!, $threads: [ID!]!, $messages: [ID!]!) {
  viewer { unreadThreads }
  ben: person(id: $ben) { ...Lists }
  bea: person(id: $bea) { ...Lists }
  messageInbox(first: 20) { nodes { id awaitsReply } }
  threads: nodes(ids: $threads) { ... on MessageThread { id audience subject unreadCount
    messages(first: 100) { totalCount pageInfo { hasNextPage } nodes { id sequence isOwn body } } } }
  messages: nodes(ids: $messages) { ... on Message { id sequence isOwn body } } }
  fragment Lists on Person { messageThreads(first: 10) { pageInfo { hasNextPage }
    nodes { id unreadCount messages(last: 100) { totalCount nodes { id } } } } }"""


class Lives(BesideLoop):
    """Each step is a mutation or passes time; after each, some of the readers are asked by every way there is.

    What is opened again is most of what happens to a closed door, so that readers mostly see something.
    """

    installation: Installation
    executor: Executor
    clock: Now
    has_begun = False

    @initialize(seed=st.integers(0, 2**32), born=st.sampled_from(BIRTHDAYS))
    def begin(self, seed: int, born: date | None) -> None:
        """Two clients, and people with accounts who read the messages of both."""
        self.chance = random.Random(seed)  # noqa: S311 - so that a life can be lived again
        clients = {"ben": Client(born), "bea": Client(date(1990, 5, 5))}
        self.world = World(ZoneInfo(ZONE), START, clients, {"PORTAL", "MESSAGING"})
        self.clock.moment = START
        self.practice: Practice = self.wait(new_practice(self.installation, ZONE, START))
        self.ids: dict[str, str] = {}
        self.callers = {STAFF: Caller("staff-1", self.practice, ViewerRole.STAFF)}
        self.callers["admin"] = Caller("admin-1", self.practice, ViewerRole.ADMIN)
        self.callers["analyst"] = Caller("analyst-1", self.practice, ViewerRole.ANALYST)
        self.contacts: dict[tuple[str, str], dict[str, Any]] = {}
        for who in PEOPLE:
            self.arrive(who, born)
        for client in CLIENTS:
            for who in CONTACTS:
                if who != client:
                    self.grant(client, who, messages=True)
        self.has_begun = True
        for who in (STAFF, "anna", "ben"):
            self.somebody_starts(who, "SHARED" if who == STAFF else None)
            self.somebody_sends(STAFF, self.world.threads[-1])

    def arrive(self, who: str, born: date | None) -> None:
        """A person of the practice, with an account."""
        known = born if who == "ben" else date(1990, 5, 5)
        person = {"givenName": who, "emails": [own_address()], "birthDate": known and known.isoformat()}
        made = self.done(STAFF, "addClient", person={key: value for key, value in person.items() if value})
        self.ids[who] = made["id"]
        account = self.wait(give_account(self.installation, self.practice, made["id"], since=START))
        self.callers[who] = Caller(account.id, self.practice, ViewerRole.PORTAL, made["id"])
        self.world.active.add(who)

    def ask(self, who: str, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The data of somebody's question."""

        async def asked() -> dict[str, Any]:
            scope = self.installation.server.services.scope(self.callers[who])
            return (await self.executor.execute(Operation(query, variables), scope)).body

        answer = self.wait(asked())
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    def mutate(self, who: str, name: str, **values: Any) -> dict[str, Any]:
        """A mutation's payload, as time goes on: two changes never share a moment."""
        self.world.now += self.chance.choice(PASSES)
        self.clock.moment = self.world.now
        kind = f"{name[0].upper()}{name[1:]}Input"
        errors = "errors { code ... on InvalidInput { reason } }"
        query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {MINE[name]} {errors} }} }}"
        payload: dict[str, Any] = self.ask(who, query, {"input": values})[name]
        return payload

    def done(self, who: str, name: str, **values: Any) -> dict[str, Any]:
        """What a mutation that must succeed shows."""
        payload = self.mutate(who, name, **values)
        assert payload["errors"] == [], (who, name, values, payload)
        found: dict[str, Any] = next(value for key, value in payload.items() if key != "errors")
        return found

    def picked(self) -> Thread:
        """A thread; mostly one of the first three, about which more has happened."""
        threads = self.world.threads
        return self.chance.choice(threads[:3] * 2 + threads)

    @rule(kind=st.sampled_from([kind for kind, often in KINDS.items() for _ in range(often)]))
    def something_happens(self, kind: str) -> None:
        """One rule: hypothesis leaves rules out of whole lives."""
        who, thread = self.chance.choice([STAFF, STAFF, *PEOPLE]), self.picked()
        if kind == "start":
            self.somebody_starts(who, self.chance.choice([None, *AUDIENCES]))
        elif kind == "send":
            self.somebody_sends(who, thread)
        elif kind == "read":
            self.somebody_reads(who, thread)
            if self.chance.random() < 0.5:
                self.somebody_sends(who, thread)
        elif kind == "edge":
            self.an_edge_changes(self.chance.choice(EDGE))
        elif kind == "else":
            self.something_else_changes(self.chance.choice(ELSE))
        else:
            self.staff_change(thread, kind)

    def somebody_starts(self, who: str, audience: str | None) -> None:
        """A thread, about either client; it is refused where the model says so."""
        client = self.chance.choice(CLIENTS) if len(self.world.threads) > 2 else "ben"
        if len(self.world.threads) == MOST_THREADS:
            return
        values: dict[str, Any] = {"audience": audience} if audience else {}
        chosen: str | None = None if who == STAFF else who
        if who == STAFF:
            audience = audience or "SHARED"
            values["audience"] = audience
            if audience == "CONTACT_ONLY":
                chosen = self.chance.choice(sorted(self.world.clients[client].edges) or [""])
                if not chosen:
                    return
                values["contactId"] = self.contacts[client, chosen]["id"]
        text = f"text {len(self.world.threads)}"
        payload = self.mutate(who, "startThread", clientId=self.ids[client], subject=text, body=text, **values)
        if who == STAFF:
            found = audience if self.world.staff_may_write(client) else None
        else:
            found = self.world.begun_by(who, client, audience)
        assert (payload["thread"] is not None) is (found is not None), (who, client, audience, payload)
        if found is not None:
            now = self.world.now
            first = Message(payload["thread"]["messages"]["nodes"][0]["id"], who, now, text)
            with_ = chosen if found == "CONTACT_ONLY" else None
            self.world.threads.append(Thread(payload["thread"]["id"], client, text, [(now, found, with_)], [first]))

    def somebody_sends(self, who: str, thread: Thread) -> None:
        """The next message of a thread that they see; nobody sends into one that they do not."""
        if sum(len(one.messages) for one in self.world.threads) == MOST_MESSAGES:
            return
        text = f"{thread.subject} {len(thread.messages)}"
        payload = self.mutate(who, "sendMessage", threadId=thread.id, body=text)
        may = self.world.staff_may_write(thread.client) if who == STAFF else bool(self.world.read_by(who, thread))
        assert (payload["message"] is not None) is may, (who, payload)
        if may:
            thread.messages.append(Message(payload["message"]["id"], who, self.world.now, text))
            if who != STAFF and thread.is_done:
                thread.is_done, thread.version = False, thread.version + 1

    def somebody_reads(self, who: str, thread: Thread) -> None:
        """Up to any message; a mark never goes back."""
        through = self.chance.choice([self.chance.randint(1, len(thread.messages)), len(thread.messages)])
        payload = self.mutate(who, "markThreadRead", threadId=thread.id, through=through)
        assert (payload["thread"] is not None) is bool(self.world.read_by(who, thread)), (who, payload)
        if payload["thread"] is not None:
            thread.marks[who] = max(thread.marks.get(who, 0), through)

    def staff_change(self, thread: Thread, kind: str) -> None:
        """Who reads it, one audience after the other; that it is done; or a message taken back."""
        if kind == "audience":
            for _ in range(self.chance.randint(1, 3)):
                self.open_to(thread)
                if self.chance.random() < 0.6:
                    self.somebody_sends(STAFF, thread)
        elif kind == "status":
            thread.is_done = not thread.is_done
            values = {"threadId": thread.id, "expectedVersion": thread.version}
            found = self.done(STAFF, "setThreadStatus", **values, status="DONE" if thread.is_done else "OPEN")
            thread.version = found["version"]
        else:
            own = [message for message in thread.messages if message.author == STAFF]
            if own:
                message = self.chance.choice(own)
                self.done(STAFF, "retractMessage", messageId=message.id)
                message.is_retracted = True

    def open_to(self, thread: Thread) -> None:
        """Another audience, or the same."""
        audience = self.chance.choice([*AUDIENCES, "SHARED", "CONTACT_ONLY"])
        latest = next((chosen for _, _, chosen in reversed(thread.audiences) if chosen), None)
        there = self.world.clients[thread.client].edges
        chosen = latest if latest in there and self.chance.random() < 0.7 else self.chance.choice(sorted(there) or [""])
        values: dict[str, Any] = {"threadId": thread.id, "expectedVersion": thread.version, "audience": audience}
        if audience == "CONTACT_ONLY":
            if not chosen:
                return
            values["contactId"] = self.contacts[thread.client, chosen]["id"]
        thread.version = self.done(STAFF, "setThreadAudience", **values)["version"]
        thread.audiences.append((self.world.now, audience, chosen if audience == "CONTACT_ONLY" else None))

    def an_edge_changes(self, kind: str) -> None:
        """Added, switched, removed, or added again; an archived client's contacts are given nothing."""
        client = self.chance.choice(CLIENTS)
        who = self.chance.choice([one for one in CONTACTS if one != client])
        if self.world.clients[client].status == "ARCHIVED":
            return
        edge = self.world.clients[client].edges.get(who)
        if edge is None:
            self.grant(client, who, messages=self.chance.random() < 0.8)
        elif kind == "remove":
            contact = self.contacts.pop((client, who))
            self.done(STAFF, "removeContact", contactId=contact["id"], expectedVersion=contact["version"])
            del self.world.clients[client].edges[who]
        else:
            self.change(client, who, edge, kind)

    def grant(self, client: str, who: str, *, messages: bool) -> None:
        """Add them, or add them again."""
        relationship = self.chance.choice(RELATIONSHIPS)
        terms = {"relationship": relationship, "portalAccess": True, "secureMessaging": messages}
        pair = {"clientId": self.ids[client], "personId": self.ids[who]}
        self.contacts[client, who] = self.done(STAFF, "addExistingContact", **pair, **terms)
        edge = Edge(relationship, True, messages, None, self.world.now if messages else None)
        self.world.clients[client].edges[who] = edge

    def change(self, client: str, who: str, edge: Edge, kind: str) -> None:
        """Other terms; what is closed is mostly opened first."""
        if self.chance.random() < OPENS_AGAIN:
            has_ended = edge.last_day is not None and edge.last_day < self.world.today
            closed = {"messages": not edge.messages, "portal": not edge.portal, "ends": has_ended}
            kind = next((name for name, is_so in closed.items() if is_so), kind)
        changes: dict[str, Any] = {}
        if kind == "messages":
            changes["secureMessaging"] = edge.messages = not edge.messages
        elif kind == "portal":
            changes["portalAccess"] = edge.portal = not edge.portal
        elif kind == "ends":
            days = self.chance.choice([None, None, 0, 1])
            edge.last_day = None if days is None else self.world.today + timedelta(days=days)
            changes["endsOn"] = edge.last_day and edge.last_day.isoformat()
        elif kind == "who":
            changes["relationship"] = edge.relationship = self.chance.choice(RELATIONSHIPS)
        elif edge.messages:
            edge.since = self.some_moment()
            changes["messagesFrom"] = edge.since.isoformat()
        contact = self.contacts[client, who]
        sent = {"contactId": contact["id"], "expectedVersion": contact["version"], "changes": changes}
        self.contacts[client, who] = self.done(STAFF, "updateContact", **sent)
        if kind == "messages":
            edge.since = self.world.now if edge.messages else None

    def some_moment(self) -> datetime:
        """That of a message, or one beside it."""
        sent = [message.sent for thread in self.world.threads for message in thread.messages] or [START]
        return self.chance.choice(sent) + timedelta(microseconds=self.chance.choice([0, 0, -1, 1]))

    def something_else_changes(self, kind: str) -> None:
        """The client, the practice, an account, or the day."""
        client = self.chance.choice(CLIENTS)
        feature = self.chance.choice(["PORTAL", "MESSAGING", "MESSAGING"])
        closed = [] if self.chance.random() > OPENS_AGAIN else self.closed_doors()
        if closed:
            kind, client, feature = self.chance.choice(closed)
        about = self.world.clients[client]
        if kind == "status":
            about.status = "ACTIVE" if about.status != "ACTIVE" else self.chance.choice(["INACTIVE", "ARCHIVED"])
            version = self.ask(STAFF, "query ($id: ID!) { person(id: $id) { version } }", {"id": self.ids[client]})
            values = {"personId": self.ids[client], "expectedVersion": version["person"]["version"]}
            self.done(STAFF, "setClientStatus", **values, status=about.status)
        elif kind == "client feature":
            about.off ^= {feature}
            values = {"clientId": self.ids[client], "feature": feature, "enabled": feature not in about.off}
            self.done(STAFF, "setClientFeature", **values)
        elif kind == "practice feature":
            self.world.features ^= {feature}
            is_on = feature in self.world.features
            self.done("admin", "setPracticeFeature", feature=feature, enabled=is_on)
        elif kind == "account":
            closed_accounts = [who for who in PEOPLE if who not in self.world.active]
            self.open_or_close(self.chance.choice(closed_accounts if closed else PEOPLE))
        else:
            self.world.now += timedelta(hours=self.chance.choice([1, 25, 49]))
            self.clock.moment = self.world.now

    def closed_doors(self) -> list[tuple[str, str, str]]:
        """What keeps somebody out, as the kind of change that lets them in: with which client, and which feature."""
        world, first = self.world, CLIENTS[0]
        found = [("practice feature", first, feature) for feature in sorted({"PORTAL", "MESSAGING"} - world.features)]
        for name, client in world.clients.items():
            found += [("client feature", name, feature) for feature in sorted(client.off)]
            found += [("status", name, "")] if client.status == "ARCHIVED" else []
        return found + [("account", first, "")] * (len(PEOPLE) - len(world.active))

    def open_or_close(self, who: str) -> None:
        """Staff disable an account, or an invitation opens it again."""
        self.world.active ^= {who}
        self.world.now += PASSES[0]
        self.clock.moment = self.world.now
        before = self.wait(account_of(self.installation, self.practice, self.ids[who]))
        assert before is not None
        status = AccountStatus.ACTIVE if who in self.world.active else AccountStatus.DISABLED
        graph = Graph(GraphSession(self.installation.database), self.practice.id, self.world.today)
        self.wait(graph.write(partial(replace_account, before, before.changed(self.world.now, status=status))))

    @invariant()
    def readers_see_what_the_model_says(self) -> None:
        """One of them after each step."""
        if self.has_begun:
            self.compare(self.chance.choice([*PEOPLE, *PEOPLE, STAFF, "analyst"]))

    def teardown(self) -> None:
        """All of them in the end."""
        if self.has_begun:
            for who in (*PEOPLE, STAFF, "analyst"):
                self.compare(who)

    def compare(self, who: str) -> None:
        """Lists, the inbox, threads and messages by their ids, totals, and all numbers of what is unread."""
        world, threads = self.world, self.world.threads
        asked = {"threads": [one.id for one in threads], "messages": [m.id for one in threads for m in one.messages]}
        found = self.ask(who, ASK, {client: self.ids[client] for client in CLIENTS} | asked)
        seen = {one.id: [] if who == "analyst" else world.read_by(who, one) for one in threads}
        by_id = {one.id: one for one in threads}
        assert [one and one["id"] for one in found["threads"]] == [one.id if seen[one.id] else None for one in threads]
        for shown in filter(None, found["threads"]):
            self.compare_thread(who, by_id[shown["id"]], shown, seen[shown["id"]])
        visible = [shown_message(who, one, n) if n in seen[one.id] else None for one in threads for n in numbers(one)]
        assert found["messages"] == visible, who
        for client in CLIENTS:
            self.compare_list(who, client, found[client])
        unread = [one for one in threads if who in PEOPLE and world.unread(who, one)]
        assert found["viewer"]["unreadThreads"] == len(unread), who
        if who != STAFF:
            assert found["messageInbox"] is None
            return
        waiting = sorted(threads, key=lambda one: one.messages[-1].sent, reverse=True)
        inbox = [{"id": one.id, "awaitsReply": one.awaits_reply} for one in waiting if not one.is_done]
        assert found["messageInbox"]["nodes"] == inbox

    def compare_thread(self, who: str, thread: Thread, shown: dict[str, Any], seen: list[int]) -> None:
        """One that they see, by its id."""
        page = shown["messages"]
        assert page["nodes"] == [shown_message(who, thread, number) for number in seen], who
        assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (len(seen), False), who
        assert shown["unreadCount"] == self.world.unread(who, thread), who
        is_taken_back = thread.messages[0].is_retracted  # and the subject line with it
        assert shown["subject"] == (thread.subject if 1 in seen and not is_taken_back else None), who
        assert shown["audience"] == thread.audiences[-1][1]

    def compare_list(self, who: str, client: str, person: dict[str, Any] | None) -> None:
        """A client's threads, as they are listed."""
        world = self.world
        page = None if person is None else person["messageThreads"]
        may_list = who == STAFF or (who != "analyst" and world.may_read(who, client))
        assert (page is not None) is may_list, who
        if page is None:
            return
        listed = [
            {
                "id": thread.id,
                "unreadCount": world.unread(who, thread),
                "messages": {
                    "totalCount": len(world.read_by(who, thread)),
                    "nodes": [{"id": thread.messages[number - 1].id} for number in world.read_by(who, thread)],
                },
            }
            for thread in world.listed(who, client)
        ]
        assert page == {"pageInfo": {"hasNextPage": False}, "nodes": listed}, who


def numbers(thread: Thread) -> range:
    """Of its messages."""
    return range(1, len(thread.messages) + 1)


def shown_message(who: str, thread: Thread, number: int) -> dict[str, Any]:
    """A message as they read it; when it was retracted is told, and not compared."""
    message = thread.messages[number - 1]
    body = None if message.is_retracted else message.text
    return {"id": message.id, "sequence": number, "isOwn": message.author == who, "body": body}
