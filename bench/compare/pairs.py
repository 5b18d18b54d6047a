"""Clients and people who are not in their network yet; no pair is ever given out twice."""

import random
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bench.compare.graph import Pair
from bench.compare.operations import Asked
from bench.population import SEED, Population
from graph_api.kernel.ids import new_id

RELATIONSHIP = "FRIEND"
TOGGLES = ("portalAccess", "secureMessaging", "payments", "appointmentReminders")


class Pairs:
    """Gives out pairs; `linked` tells which of some pairs have an edge."""

    def __init__(self, population: Population, linked: Callable[[Sequence[Pair]], set[Pair]]) -> None:
        self._population = population
        self._linked = linked
        self._chance = random.Random(SEED)
        self._clients = array("I", population.client_numbers())
        self._chance.shuffle(self._clients)
        self._given: set[int] = set()
        self._numbers = self._candidates()

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Clients in turn, so that two requests in a row do not wait for one client's lock."""
        persons = self._population.persons
        while len(self._given) < len(self._clients) * (persons - 1):
            for client in self._clients:
                person = self._chance.randrange(persons)
                number = client * persons + person
                if person != client and number not in self._given:
                    self._given.add(number)
                    yield client, person

    def take(self, count: int) -> list[Pair]:
        """As many pairs, without an edge.

        Raises:
            RuntimeError: there are no more.
        """
        found: list[Pair] = []
        while len(found) < count:
            wanted = [pair for pair, _ in zip(self._numbers, range(count - len(found)), strict=False)]
            if not wanted:
                raise RuntimeError("Every pair was given out: take more persons, or fewer seconds.")
            pairs = [
                (self._population.person_id(client), self._population.person_id(other)) for client, other in wanted
            ]
            linked = self._linked(pairs)
            found += [pair for pair in pairs if pair not in linked]
        return found


def add_variables(practice_id: str, pair: Pair) -> Asked:
    """What is sent to add the pair."""
    client, person = pair
    terms: dict[str, Any] = {"relationship": RELATIONSHIP, **dict.fromkeys(TOGGLES, False)}
    edge = {"id": new_id("contact"), "practice": practice_id, **terms}
    return Asked(
        {"input": {"clientId": client, "personId": person, **terms}},
        {"client": client, "person": person, "practice": practice_id, "edge": edge},
    )
