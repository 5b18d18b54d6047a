"""Who reads what (M1-M8, X6): data/audience.yaml, each case asked of lists, counts, unread, node and notices."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acting.cast import Cast, Nobody, new_cast
from tests.acting.waiting import told_of_messages
from tests.api import Installation

SCENARIOS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "data" / "audience.yaml").read_text("utf-8"))
SEEN = """query ($client: ID!, $thread: ID!, $messages: [ID!]!) {
  viewer { unreadThreads }
  person(id: $client) { messageThreads { nodes { id unreadCount } } }
  node(id: $thread) { ... on MessageThread { id subject unreadCount messages(last: 100) {
    totalCount pageInfo { hasPreviousPage } nodes { id sequence isOwn body author { text } } } } }
  nodes(ids: $messages) { ... on Message { id sequence body } } }"""


class Play:
    """One scenario as it goes."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.thread = ""
        self.messages: list[str] = []

    async def step(self, what: str, said: Any) -> None:
        """Do what the step says."""
        await getattr(self, what)(said)

    async def start(self, said: dict[str, Any]) -> None:
        values = {"audience": said["audience"]} if "audience" in said else {}
        if "with" in said:
            values["contactId"] = self.cast.contacts[said["with"]]["id"]
        self.thread = await self.cast.start(said["by"], **values)
        query = "query ($id: ID!) { node(id: $id) { ... on MessageThread { messages { nodes { id } } } } }"
        found = await self.cast.ask("staff", query, id=self.thread)
        self.messages = [found["node"]["messages"]["nodes"][0]["id"]]

    async def send(self, who: str) -> None:
        self.messages.append(await self.cast.send(who, self.thread))

    async def audience(self, said: dict[str, Any]) -> None:
        await self.cast.widen(self.thread, said["to"], said.get("with"))

    async def switch(self, said: dict[str, bool]) -> None:
        for who, on in said.items():
            await self.cast.change(who, secureMessaging=on)

    async def portal(self, said: dict[str, bool]) -> None:
        for who, on in said.items():
            await self.cast.change(who, portalAccess=on)

    async def since_ever(self, who: str) -> None:
        await self.cast.change(who, messagesFrom="2020-01-01T00:00:00Z")

    async def remove(self, who: str) -> None:
        await self.cast.remove(who)

    async def add_again(self, who: str) -> None:
        await self.cast.add_again(who)

    async def feature(self, on: bool) -> None:
        await self.cast.api.done("setClientFeature", clientId=self.cast.ids["ben"], feature="MESSAGING", enabled=on)

    async def disable(self, who: str) -> None:
        await self.cast.api.done("disableAccount", personId=self.cast.ids[who])

    async def archive(self, status: str) -> None:
        query = "query ($id: ID!) { person(id: $id) { version } }"
        version = (await self.cast.api.query(query, id=self.cast.ids["ben"]))["person"]["version"]
        await self.cast.api.done(
            "setClientStatus", personId=self.cast.ids["ben"], expectedVersion=version, status=status
        )

    async def retract(self, number: int) -> None:
        await self.cast.done("staff", "retractMessage", "message { id }", messageId=self.messages[number - 1])

    async def read(self, said: dict[str, int]) -> None:
        for who, through in said.items():
            await self.cast.done(who, "markThreadRead", "thread { id }", threadId=self.thread, through=through)

    async def told(self, who: list[str]) -> None:
        ids = {person: name for name, person in self.cast.ids.items()}
        assert {ids.get(one, one) for one in await told_of_messages(self.cast)} == set(who)

    async def sees(self, said: dict[str, list[int]]) -> None:
        for who, numbers in said.items():
            assert await self.seen_by(who) == numbers, who

    async def unread(self, said: dict[str, int]) -> None:
        for who, number in said.items():
            answer = await self._asked(who)
            assert answer["node"]["unreadCount"] == number, who
            [listed] = [one for one in answer["person"]["messageThreads"]["nodes"] if one["id"] == self.thread]
            assert listed["unreadCount"] == number, who
            if who in self.cast.users:
                assert answer["viewer"]["unreadThreads"] == (1 if number else 0), who

    async def subject(self, said: dict[str, bool]) -> None:
        for who, shown in said.items():
            assert ((await self._asked(who))["node"]["subject"] is not None) is shown, who

    async def _asked(self, who: str) -> dict[str, Any]:
        variables = {"client": self.cast.ids["ben"], "thread": self.thread, "messages": self.messages}
        return await self.cast.ask(who, SEEN, **variables)

    async def seen_by(self, who: str) -> list[int]:
        """The numbers that somebody reads, by each way alike."""
        try:
            answer = await self._asked(who)
        except Nobody:
            return []
        person, node = answer["person"], answer["node"]
        threads = (person or {}).get("messageThreads") or {"nodes": []}
        is_listed = self.thread in [one["id"] for one in threads["nodes"]]
        by_id = [one["sequence"] for one in answer["nodes"] if one is not None]
        if node is None:
            assert not is_listed
            assert by_id == []
            assert answer["viewer"]["unreadThreads"] == 0
            return []
        page = node["messages"]
        numbers = [one["sequence"] for one in page["nodes"]]
        assert is_listed
        assert by_id == numbers
        assert page["totalCount"] == len(numbers)
        assert not page["pageInfo"]["hasPreviousPage"]
        assert numbers, "a thread without a message that the reader sees does not exist for them"
        return numbers


@pytest.mark.parametrize("name", SCENARIOS)
async def test_m2_who_reads_what(installation: Installation, name: str) -> None:
    scenario = SCENARIOS[name]
    play = Play(await new_cast(installation, scenario.get("age", 30)))
    for step in scenario["steps"]:
        [(what, said)] = step.items()
        await play.step(what, said)


def test_there_are_enough_cases() -> None:
    steps = [step for scenario in SCENARIOS.values() for step in scenario["steps"]]
    assert sum(len(step["sees"]) for step in steps if "sees" in step) >= 60
