"""Random lives of a practice that reminds, beside a plain model of who must have heard what by when."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from graph_api.acting.reminders.model import ReminderChannel
from graph_api.acting.reminders.planning import Address
from graph_api.acting.reminders.unsubscribing import link_for
from graph_api.keys.secrets import installation_secret
from tests.acting.clinic_lives import ClinicLives
from tests.acting.reminder_model import LEASE, RULES, Key, Visit, World
from tests.acting.reminding import Died, reminded, set_rules
from tests.acting.test_appointment_notices import update

PASSES = [timedelta(seconds=63)] * 3 + [timedelta(minutes=minutes) for minutes in (25, 120, 540, 1560)]
AHEAD = [timedelta(minutes=40), timedelta(hours=3), timedelta(hours=25), timedelta(hours=30), timedelta(hours=60)]
ACTS = ("book",) * 5 + ("move",) * 3 + ("cancel", "toggle", "address", "address", "stop")
ADDRESSES = ("a@x.example", "b@x.example", "c@x.example", "d@x.example")


class Lives(ClinicLives):
    """Each step changes something, time passes, and a worker looks, which may die; what it sends is compared."""

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        """A client, and a contact with the toggle."""
        self.open(seed)
        self.wait(set_rules(self.clinic, *((minutes, ["EMAIL"]) for minutes in RULES)))
        self.world = World(datetime.now(UTC), {"ben": "a@x.example", "carl": "b@x.example"})
        for who, address in self.world.addresses.items():
            self.wait(update(self.clinic, who, emails=[address]))
        self.wait(self.clinic.cast.change("carl", appointmentReminders=True))
        self.names: set[str] = set()
        self.heard: set[Key] = set()

    @rule(passes=st.sampled_from(PASSES), act=st.sampled_from(ACTS))
    def something_happens(self, passes: timedelta, act: str) -> None:
        """One rule: hypothesis leaves rules out of whole lives."""
        self.world.now += passes
        self.clock.moment = self.world.now
        booked = [one for one in self.world.visits if one.is_booked and one.start > self.world.now]
        if act in ("move", "cancel") and not booked:
            act = "book"
        {
            "book": self.book,
            "move": lambda: self.move(self.chance.choice(booked)),
            "cancel": lambda: self.cancel(self.chance.choice(booked)),
            "toggle": self.switch,
            "address": self.other_address,
            "stop": self.take_off,
        }[act]()
        if self.chance.random() < 0.8:
            self.a_worker_looks()

    def start(self) -> datetime:
        """Some time ahead, on the grid."""
        start = self.world.now + self.chance.choice(AHEAD)
        return start.replace(minute=start.minute - start.minute % 5, second=0, microsecond=0)

    def book(self) -> None:
        start = self.start()
        one = self.wait(self.clinic.book("staff", start, overbook=True))
        self.world.visits.append(Visit(one["id"], start, one["version"]))

    def move(self, one: Visit) -> None:
        start = self.start()
        if start == one.start:
            return
        shown = {"id": one.id, "version": one.version}
        moved = self.wait(
            self.clinic.done("staff", "rescheduleAppointment", shown, startsAt=start.isoformat(), overbook=True)
        )
        one.start, one.version, one.waiting = start, moved["version"], set(RULES)
        self.world.leases = {key: until for key, until in self.world.leases.items() if key[0] != one.id}

    def cancel(self, one: Visit) -> None:
        shown = {"id": one.id, "version": one.version}
        self.wait(self.clinic.done("staff", "cancelAppointment", shown))
        one.is_booked = False

    def switch(self) -> None:
        self.world.toggle = not self.world.toggle
        self.wait(self.clinic.cast.change("carl", appointmentReminders=self.world.toggle))

    def other_address(self) -> None:
        who, address = self.chance.choice(["ben", "carl"]), self.chance.choice(ADDRESSES)
        if self.world.addresses[who] != address:
            self.world.addresses[who] = address
            self.wait(update(self.clinic, who, emails=[address]))

    def take_off(self) -> None:
        """By the link in a letter; one address at most, so that somebody is left who hears."""
        address = ADDRESSES[-1]
        settings, practice = self.installation.settings, self.clinic.cast.practice
        secret = installation_secret(settings.data_dir, settings.secret_file)
        link = link_for(secret, practice, Address(ReminderChannel.EMAIL, address))

        async def post() -> int:
            transport = httpx.ASGITransport(self.installation.server.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return (await client.post(link.path)).status_code

        assert self.wait(post()) == 200
        self.world.out.add(address)

    def a_worker_looks(self) -> None:
        """It sends what the model says, and nothing else; now and then it dies before it has noted what it sent."""
        due = self.world.due()
        worker = reminded(self.installation, self.clinic.cast.practice)
        worker.moment = self.world.now
        worker.box.dies = len(due) == 1 and bool(self.world.to_hear(*due[0])) and self.chance.random() < 0.3

        async def look() -> None:
            try:
                await worker.worker.remind_due()
            except Died:
                await asyncio.sleep(0.1)  # what else was in the air

        self.wait(look())
        to_hear = Counter(key for one, minutes in due for key in self.world.to_hear(one, minutes) - self.world.heard)
        got = Counter(letter.address for letter in worker.box.letters)
        expected = Counter(key[3] for key in to_hear.elements())
        if worker.box.dies:
            assert got <= expected, (got, expected)
            [(one, minutes)] = due
            self.world.leases[one.id, minutes] = self.world.now + LEASE
            self.heard |= {key for key in to_hear if key[3] in got}
        else:
            assert got == expected, (self.world, due)
            self.world.heard |= to_hear.keys()
            self.heard |= to_hear.keys()
            for one, minutes in due:
                one.waiting.discard(minutes)
        self.names |= {str(letter.name) for letter in worker.box.letters}
        assert len(self.names) == len(self.heard), "each has one name, however often it is handed over"
