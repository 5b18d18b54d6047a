"""The benchmark's practice keeps the product's rules, and its client measures what it says."""

from datetime import UTC, datetime

from bench.load import Load, encode_request, percentile
from bench.population import EDGES_A_PERSON, FAMILIES, Population, family_names

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_practice_keeps_the_rules_and_has_the_size_it_says() -> None:
    population = Population("practice_1", 2_000)
    people = list(population.people(NOW))
    clients = {person.id for person in people if person.is_client}
    contacts = list(population.contacts(NOW.date(), NOW))
    pairs = [(contact.client.id, contact.person.id) for contact in contacts]
    assert len({person.id for person in people}) == 2_000
    assert clients == {population.person_id(number) for number in population.client_numbers()}
    assert 800 < len(clients) < 1_200
    assert abs(len(contacts) / len(people) - EDGES_A_PERSON) < 0.25
    assert len(set(pairs)) == len({contact.id for contact in contacts}) == len(pairs)  # D3
    assert all(client != person for client, person in pairs)
    assert {client for client, _ in pairs} <= clients
    assert {person for _, person in pairs} <= {person.id for person in people}


def test_practice_is_the_same_again() -> None:
    one, other, another = (Population("practice_1", 300, seed) for seed in (1, 1, 2))
    assert list(one.people(NOW)) == list(other.people(NOW))
    assert list(one.contacts(NOW.date(), NOW)) == list(other.contacts(NOW.date(), NOW))
    assert list(one.people(NOW)) != list(another.people(NOW))
    assert [(person.given_name, person.family_name) for person in one.people(NOW)] == list(one.names())


def test_names_vary() -> None:
    names = list(Population("practice_1", 20_000).names())
    assert len(family_names()) == len(set(family_names())) == FAMILIES
    assert len({family for _, family in names}) > FAMILIES * 0.8
    assert len({given for given, _ in names}) > len(names) * 0.95


def test_household_shares_a_phone_and_a_name() -> None:
    population = Population("practice_1", 200)
    people = list(population.people(NOW))
    for home in population.households():
        assert 1 <= len(home.numbers) <= 6
        members = [people[number] for number in home.numbers]
        assert len({(person.family_name, person.phones[0]) for person in members}) == 1


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
