"""The comparison compares like with like, and says where a goal is missed. Nothing is timed here."""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from bench.compare import operations
from bench.compare.asking import Target
from bench.compare.checking import Different, require_added, require_same
from bench.compare.graph import Pair
from bench.compare.latency import corrected, percentiles_ms
from bench.compare.operations import ADD, CLIENTS, FIND, NETWORK, OPERATIONS, READS, REVERSE, Asked
from bench.compare.pairs import Pairs, add_variables
from bench.compare.plot import plot
from bench.compare.recorded import Call, Template
from bench.compare.results import Ratio, Run, SizeReport, as_json, growth, missed, rows
from bench.compare.table import markdown
from bench.compare.variables import choose_prefixes, name_words
from bench.compare.wrk import Load, check_size, write_requests
from bench.memory import documents
from bench.population import Population
from graphql import FieldNode, Visitor, build_schema, parse, validate, visit

from graph_api.people.names import words
from tests.packaging.checkout import ROOT

PEER = ROOT / "bench/compare/peer"
ANA = {"id": "person_1", "givenName": "Ana", "emails": ["a@example.org"]}
BEN = {"id": "person_2", "givenName": "Ben", "emails": []}
EDGE = {"id": "contact_1", "relationship": "PARENT", "endsOn": None}


def our_edges(far: str) -> dict[str, Any]:
    return {"nodes": [{**EDGE, far: BEN}]}


def peer_edges() -> dict[str, Any]:
    return {"edges": [{"properties": EDGE, "node": BEN}]}


@pytest.mark.parametrize(
    ("operation", "ours", "peer"),
    [
        (
            NETWORK,
            {"client": {**ANA, "contactNetwork": our_edges("person")}},
            {"people": [{**ANA, "contactNetworkConnection": peer_edges()}]},
        ),
        (
            CLIENTS,
            {"clients": {"nodes": [{**ANA, "contactNetwork": our_edges("person")}]}},
            {"people": [{**ANA, "contactNetworkConnection": peer_edges()}]},
        ),
        (
            REVERSE,
            {"person": {**ANA, "contactOf": our_edges("client")}},
            {"people": [{**ANA, "contactOfConnection": peer_edges()}]},
        ),
        (
            FIND,
            {"findContacts": {"nodes": [{"person": ANA}, {"person": BEN}]}},
            {"nameKeys": [{"person": [BEN]}, {"person": [ANA]}, {"person": [BEN]}]},
        ),
        (
            ADD,
            {"addExistingContact": {"contact": {"id": "contact_1"}, "errors": []}},
            {"updatePeople": {"info": {"relationshipsCreated": 1}}},
        ),
    ],
    ids=lambda value: value.name if isinstance(value, operations.Operation) else "",
)
def test_answers_are_brought_to_one_shape(
    operation: operations.Operation, ours: dict[str, Any], peer: dict[str, Any]
) -> None:
    shown = {"ours": operation.our_answer(ours), "peer": operation.peer_answer(peer)}
    require_same(operation.name, Asked({}, {}), shown)
    with pytest.raises(Different):
        require_same(operation.name, Asked({}, {}), {**shown, "peer": None})


def test_every_field_takes_part_in_the_comparison() -> None:
    ours = NETWORK.our_answer({"client": {**ANA, "contactNetwork": our_edges("person")}})
    assert ours == {**ANA, "contacts": [{**EDGE, "other": BEN}]}
    for change in ({"id": "contact_2"}, {"endsOn": "2026-01-01"}):
        other = {"edges": [{"properties": {**EDGE, **change}, "node": BEN}]}
        assert NETWORK.peer_answer({"people": [{**ANA, "contactNetworkConnection": other}]}) != ours


def test_an_empty_answer_is_no_answer() -> None:
    with pytest.raises(Different):
        require_same("network", Asked({}, {}), {"ours": {}, "peer": {}})


def test_a_refusal_is_not_an_addition() -> None:
    refused = {"addExistingContact": {"contact": None, "errors": [{"code": "NOT_FOUND"}]}}
    assert ADD.our_answer(refused) != ADD.peer_answer({"updatePeople": {"info": {"relationshipsCreated": 1}}})


def leaves(document: str) -> list[str]:
    """The names of the fields that hold a value."""
    found: list[str] = []

    class Leaves(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            if node.selection_set is None:
                found.append(node.name.value)

    visit(parse(document), Leaves())
    return sorted(found)


@pytest.mark.parametrize("operation", READS, ids=lambda one: one.name)
def test_both_are_asked_for_the_same_fields(operation: operations.Operation) -> None:
    assert leaves(operation.ours) == leaves(operation.peer) != []


def test_our_documents_fit_the_schema() -> None:
    schema = build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))
    found = [one.ours for one in OPERATIONS] + list(documents(300))
    assert [validate(schema, parse(document)) for document in found] == [[]] * len(found)


def test_documents_for_the_memory_differ_and_come_again() -> None:
    found = list(documents(2_000))
    assert len(set(found)) == 2_000
    assert list(documents(2_000)) == found


def test_pairs_are_never_given_twice() -> None:
    population = Population("practice_1", 40)
    numbers = {population.person_id(number): number for number in range(40)}
    clients = {population.person_id(number) for number in population.client_numbers()}
    taken: list[Pair] = []

    def linked(pairs: Sequence[Pair]) -> set[Pair]:
        return {pair for pair in pairs if numbers[pair[1]] % 5 == 0}

    pairs = Pairs(population, linked)
    for count in (1, 30, 100):
        found = pairs.take(count)
        assert len(found) == count
        taken += found
    assert len(set(taken)) == len(taken)
    assert all(client in clients and client != person and numbers[person] % 5 for client, person in taken)
    assert all(one[0] != other[0] for one, other in pairwise(taken[:10]))
    with pytest.raises(RuntimeError, match="Every pair"):
        pairs.take(40 * 40)


def test_an_addition_says_the_same_to_both() -> None:
    asked = add_variables("practice_1", ("person_1", "person_2"))
    ours, edge = asked.ours["input"], asked.peer["edge"]
    assert (asked.peer["client"], asked.peer["person"]) == (ours["clientId"], ours["personId"])
    terms = {name: value for name, value in ours.items() if not name.endswith("Id")}
    assert terms == {name: value for name, value in edge.items() if name not in ("id", "practice")}
    assert terms["relationship"] == "FRIEND"
    assert not any(value is True for value in terms.values())


def test_prefixes_find_a_few() -> None:
    population = Population("practice_1", 3_000)
    found = choose_prefixes(name_words(population), 50, random.Random(1))  # noqa: S311 - made-up people
    assert len(set(found)) == 50
    everyone = [(*words(given), *words(family)) for given, family in population.names()]
    for prefix in found:
        hits = sum(any(word.startswith(prefix) for word in person) for person in everyone)
        assert 4 <= hits <= 25  # somebody may be found by two words
        assert len(prefix) >= 2


def test_filled_template_names_nobody_of_the_first() -> None:
    old = ("person_b", "person_a")
    params = {"ids": ["person_a", "person_b"], "rows": [{"key": "practice|person_b|person_a", "id": "contact_0"}]}
    template = Template([Call("RETURN $ids", params)], old, "contact_0")
    (call,) = template.filled(("person_c", "person_d"))
    assert call.params["ids"] == ["person_c", "person_d"]
    assert call.params["rows"][0]["key"] == "practice|person_c|person_d"
    assert call.params["rows"][0]["id"].startswith("contact_")
    assert not re.search(r"person_a|person_b|contact_0\b", json.dumps(call.params))
    (swapped,) = template.filled(("person_b", "person_a"))
    assert swapped.params["rows"][0]["key"] == "practice|person_b|person_a"
    assert template.filled(old)[0].params["rows"][0]["id"] != template.filled(old)[0].params["rows"][0]["id"]


def test_filled_template_has_an_event_of_its_own() -> None:
    """Else the client's second addition meets the constraint of the first one's event."""
    key = f"practice_1|person_a|{7:012}"
    event = {"id": "event_1", "subjectId": "person_a", "sequence": 7, "key": key, "timeKey": "practice_1|now|event_1"}
    template = Template([Call("CREATE", {"rows": [event]})], ("person_a", "person_b"), "contact_0")
    (one,), (other,) = (template.filled(("person_c", "person_d")) for _ in range(2))
    for call in (one, other):
        (row,) = call.params["rows"]
        assert row["key"] == f"practice_1|person_c|{row['sequence']:012}"
        assert row["timeKey"] == f"practice_1|now|{row['id']}"
    assert one.params["rows"][0]["sequence"] < other.params["rows"][0]["sequence"] - 1
    assert one.params["rows"][0]["id"] != other.params["rows"][0]["id"]


def test_times_are_corrected_as_wrk_does() -> None:
    assert corrected([1.0, 1.0], 1.0) == [1.0, 1.0]
    assert corrected([4.5], 1.0) == [1.5, 2.5, 3.5, 4.5]
    assert corrected([2.0], 1.0) == [2.0]
    assert percentiles_ms([0.001] * 100, 0.1, 1) == (1.0, 1.0)


def load(requests: int, size: int) -> Load:
    return Load(requests, 1.0, size, 1.0, 1.0, 1.0)


def test_answers_of_another_length_are_noticed() -> None:
    sizes = [1_000, 2_000, 3_000]
    check_size(load(300, 600_000), sizes, 0, 1)
    check_size(load(2, 5_000), sizes, 1, 1)
    for requests, size in ((300, 300 * 150), (300, 660_000)):
        with pytest.raises(RuntimeError, match="not the answers"):
            check_size(load(requests, size), sizes, 0, 1)


def test_edges_must_be_as_many_as_answers() -> None:
    require_added(100, 100, 8)
    require_added(100, 108, 8)
    for added in (99, 120):
        with pytest.raises(Different):
            require_added(100, added, 8)


def test_requests_are_framed(tmp_path: Any) -> None:
    request = Target("ours", 8000, "/graphql", {"Authorization": "Bearer a.b"}).encode("{ é }", {"a": 1})
    head, body = request.split(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"Authorization: Bearer a.b" in head
    assert "Bearer" not in repr(Target("ours", 8000, "/", {"Authorization": "Bearer a.b"}))
    write_requests([request, b"x"], tmp_path / "requests")
    assert (tmp_path / "requests").read_bytes() == f"{len(request):08d}".encode() + request + b"00000001x"


def run(subject: str, rate: float, *, number: int = 1, connections: int = 1, workers: int = 1, **of: Any) -> Run:
    given: dict[str, Any] = {"p50_ms": 2.0, "p99_ms": 4.0, "cpu_seconds": 5.0, "resident_mb": 100.0, **of}
    return Run(
        operation=of.pop("operation", NETWORK.name),
        subject=subject,
        connections=connections,
        round=number,
        workers=workers,
        requests=round(rate * 10),
        seconds=10.0,
        bytes=1,
        p50_ms=given["p50_ms"],
        p99_ms=given["p99_ms"],
        max_ms=9.0,
        cpu_seconds=given["cpu_seconds"],
        resident_mb=given["resident_mb"],
        database_cpu_seconds=None,
    )


def report(persons: int = 10_000, **of: Any) -> SizeReport:
    runs = [
        run("ours", 500, **of),
        run("peer", 210, cpu_seconds=9.0),
        run("floor", 600),
        run("ours", 700, number=2, **of),
        run("peer", 190, number=2, p99_ms=12.0, cpu_seconds=9.0),
        run("floor", 600, number=2),
        run("ours", 2_000, number=0, connections=32, workers=4),
    ]
    return SizeReport(persons, 25_000, 3.0, {NETWORK.name: 400}, {NETWORK.name: 1}, runs)


def test_ratios_are_of_the_rounds_means() -> None:
    (row,) = rows(report())
    assert row.against_peer == Ratio(3.0, 2.5)
    assert row.against_floor == Ratio(1.0, 0.75)
    assert row.p99_against_peer == Ratio(0.5, 0.5, at_least=False)
    assert row.cpu_against_peer is not None
    assert row.cpu_against_peer.value == pytest.approx(10 / 12_000 / (18 / 4_000))
    assert not any(ratio.missed for ratio in row.ratios)
    assert missed([report()]) == []
    assert as_json(report())[0]["against_peer"] == {"value": 3.0, "goal": 2.5, "missed": False}


def test_goals_are_said_to_be_missed() -> None:
    slow = report()
    slow.runs[:] = [
        replace(one, requests=one.requests // 3, p99_ms=30.0) if one.subject == "ours" else one for one in slow.runs
    ]
    (line,) = missed([slow])
    for word in ("one network", "1 at once", "10,000 persons", "peer 1.00 (≥ 2.5)", "floor 0.33", "p99"):
        assert word in line
    assert str(Ratio(1.0, 2.5)) == "1.00 (≥ 2.5) **missed**"
    assert str(Ratio(2.5, 2.5)) == "2.50 (≥ 2.5)"
    assert str(Ratio(1.0, None)) == "1.00"


def test_ours_alone_has_no_ratio_to_the_peer() -> None:
    alone = report()
    alone.runs[:] = [one for one in alone.runs if one.subject != "peer"]
    (row,) = rows(alone)
    assert row.against_peer is row.p99_against_peer is None
    assert row.against_floor == Ratio(1.0, 0.75)


def test_growth_is_from_the_smallest_to_the_largest() -> None:
    sizes = [report(1_000_000, p50_ms=3.0), report(10_000), report(100_000)]
    grown = growth(sizes, NETWORK, "ours")
    assert grown == Ratio(1.5, 1.3, at_least=False)
    assert grown.missed
    assert growth(sizes, NETWORK, "floor") == Ratio(1.0, None, at_least=False)
    assert growth(sizes[:1], NETWORK, "ours") is None
    assert any("growth" in line for line in missed(sizes))


FOUND = {
    "date": date(2026, 1, 2).isoformat(),
    "machine": {"cpu": "A & B", "cores": 2, "memory_gb": 4, "system": "Linux", "python": "3.11", "load_before": 0.1},
    "versions": {"neo4j": "6.4"},
    "seconds": 10,
    "warm_up": 3,
    "rounds": 2,
}


def test_tables_are_whole() -> None:
    text = markdown([report(), report(100_000)], FOUND, "a.svg")
    tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    assert len(tables) == 7  # times, costs and workers of each size; growth
    for lines in tables:
        assert len({line.replace("\\|", "").count("|") for line in lines}) == 1
    assert "3.00 (≥ 2.5)" in text
    assert "None." in text
    assert "![Requests a second](a.svg)" in text
    assert all(line in text for line in operations.ONLY_OURS)


def test_plot_is_well_formed_and_has_every_bar() -> None:
    drawn = ElementTree.fromstring(plot([report(), report(100_000)]))  # noqa: S314 - our own
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("600") == 4  # ours and the floor, twice
    assert "10,000 persons, 1 connection" in texts
    width = float(drawn.attrib["width"])
    for element in drawn.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(element.get("x", "0")) + float(element.attrib["width"]) <= width
        assert float(element.attrib["height"]) >= 0


def test_peer_is_locked_without_an_address() -> None:
    wanted = json.loads((PEER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    text = (PEER / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert wanted["@neo4j/graphql"] == "7.6.3"
    assert wanted["@apollo/server"] == "5.5.1"
    assert "resolved" not in {key for package in packages.values() for key in package}
    assert all("integrity" in package for path, package in packages.items() if path)
    assert "omit-lockfile-registry-resolved=true" in (PEER / ".npmrc").read_text(encoding="utf-8")
