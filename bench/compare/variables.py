"""What the reads are asked about: any client, any page, anyone who is a contact, any prefix that finds a few."""

import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from bench.compare.asking import Asking
from bench.compare.graph import Graph
from bench.compare.operations import CLIENTS, FIND, MOST_FOUND, NETWORK, PAGE, REVERSE, Asked
from bench.population import SEED, Population
from bench.practice import Measured
from graph_api.people.names import FIELD_END, words

SETS = 400
PAGES = 120
FEWEST_FOUND = 5
STARTS = """query Starts($after: String) {
  clients(first: 100, after: $after) { edges { cursor node { id } } pageInfo { endCursor } } }"""
END = "￿"


def read_variables(measured: Measured, graph: Graph, ours: Asking) -> dict[str, list[Asked]]:
    """The sets of each read, by the operation's name."""
    chance = random.Random(SEED)
    practice_id, population = measured.practice.id, measured.population
    clients = chance.sample(measured.client_ids, min(SETS, len(measured.client_ids)))
    numbers = chance.sample(range(population.persons), min(2 * SETS, population.persons))
    contacts = graph.in_networks([population.person_id(number) for number in numbers])[:SETS]
    prefixes = choose_prefixes(name_words(population), SETS, chance)
    return {
        NETWORK.name: [Asked({"id": id_}, {"id": id_, "practice": practice_id}) for id_ in clients],
        CLIENTS.name: page_variables(measured, graph, ours),
        REVERSE.name: [Asked({"id": id_}, {"id": id_, "practice": practice_id}) for id_ in contacts],
        FIND.name: [Asked({"search": word}, {"prefix": f"{practice_id} {word}"}) for word in prefixes],
    }


def page_variables(measured: Measured, graph: Graph, ours: Asking) -> list[Asked]:
    """Where pages start: at the first client, and after others."""
    practice_id = measured.practice.id
    starts = list(_page_starts(ours, len(measured.client_ids)))
    keys = graph.client_keys([person_id for _, person_id in starts])
    start, end = practice_id + FIELD_END, practice_id + chr(ord(FIELD_END) + 1)
    first = Asked({"after": None}, {"after": start, "before": end})
    return [first, *(Asked({"after": cursor}, {"after": keys[id_], "before": end}) for cursor, id_ in starts)]


def _page_starts(ours: Asking, clients: int) -> Iterator[tuple[str, str]]:
    """Cursors that a whole page follows, and whom they stand at; evenly spaced, a page apart at most."""
    step = max(1, min(PAGE, (clients - PAGE) // PAGES))
    wanted = range(step, min(clients - PAGE, step * PAGES) + 1, step)
    after: str | None = None
    place = 0
    while wanted and place < wanted[-1]:
        page = ours.ask(STARTS, {"after": after}).data["clients"]
        for edge in page["edges"]:
            place += 1
            if place in wanted:
                yield edge["cursor"], edge["node"]["id"]
        after = page["pageInfo"]["endCursor"]


def name_words(population: Population) -> list[str]:
    """Every word that somebody is found by, as often as there are people, in order."""
    return sorted(word for name in population.names() for word in {*words(name[0]), *words(name[1])})


def choose_prefixes(
    ordered: Sequence[str], wanted: int, chance: random.Random, fewest: int = FEWEST_FOUND, most: int = MOST_FOUND
) -> list[str]:
    """Different beginnings of words, each of which finds a few people; `ordered` has a word for each of its people."""
    found: dict[str, None] = {}
    for word in chance.sample(ordered, min(len(ordered), 10 * wanted)):
        for length in range(2, len(word) + 1):
            prefix = word[:length]
            hits = bisect_left(ordered, prefix + END) - bisect_left(ordered, prefix)
            if hits <= most:
                if hits >= fewest:
                    found[prefix] = None
                break
        if len(found) == wanted:
            break
    return list(found)
