"""The benchmark's practice keeps the product's rules, and its client measures what it says."""

import random
from datetime import UTC, datetime

from bench.load import Load, encode_request, percentile
from bench.practice import EDGES_A_PERSON, SEED, households, networks

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_practice_keeps_the_rules_and_has_the_size_it_says() -> None:
    chance = random.Random(SEED)  # noqa: S311 - made-up people
    homes = list(households(2_000, chance, NOW))
    people = [person for home in homes for person in home]
    contacts = list(networks(homes, chance, NOW.date(), NOW))
    pairs = [(contact.client.id, contact.person.id) for contact in contacts]
    assert len(people) == 2_000
    assert 800 < sum(person.is_client for person in people) < 1_200
    assert abs(len(contacts) / len(people) - EDGES_A_PERSON) < 0.25
    assert len(set(pairs)) == len(pairs)  # D3
    assert all(client != person for client, person in pairs)
    assert all(contact.client.is_client for contact in contacts)


def test_requests_are_whole() -> None:
    load = Load(8000, "a.b.c", "query ($é: ID!) { client(id: $é) { id } }", [], 1, 0, 0, 1)
    head, body = encode_request(load, {"é": "ü"}).split(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"Authorization: Bearer a.b.c" in head


def test_percentiles_are_by_nearest_rank() -> None:
    times = [float(value) for value in range(1, 101)]
    assert percentile(times, 0.5) == 50
    assert percentile(times, 0.99) == 99
    assert percentile([7.0], 0.99) == 7
