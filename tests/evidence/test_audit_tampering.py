"""Whatever is done by hand to what access rests on is found, and named; and nothing else is."""

from graph_api.audit.chain import Finding
from tests.api import Installation
from tests.evidence.tampering import lives, shared_out


def _words(finding: Finding) -> str:
    return f"{finding.what}: {finding.fault.value}"


async def test_what_is_changed_by_hand_is_found_and_nothing_else(installation: Installation) -> None:
    groups = shared_out()
    audit, found = await lives(installation, len(groups))
    result, findings, faults = await audit.verify()
    assert ([*map(_words, findings)], faults) == ([], [])
    assert result.chains == 1 + 4 * len(groups)
    expected: dict[str, list[str]] = {}
    for group, life in zip(groups, found, strict=True):
        for tampered in group:
            await audit.tamper(tampered.statement, **life.params)
            places = [(tampered.subject, part) for part in tampered.words]
            for subject, part in (*places, *([tampered.elsewhere] if tampered.elsewhere else ())):
                expected.setdefault(vars(life)[subject], []).append(part)
    result, findings, faults = await audit.verify()
    assert (result.restless, faults) == (0, [])
    words: dict[str, list[str]] = {}
    for finding in findings:
        words.setdefault(finding.subject_id, []).append(_words(finding))
    pairs = [(words.get(one, []), expected.get(one, [])) for one in words.keys() | expected.keys()]
    wrong = [(told, parts) for told, parts in pairs if not _are_told(told, parts)]
    assert wrong == [], wrong


def _are_told(told: list[str], parts: list[str]) -> bool:
    return len(told) == len(parts) and all(any(part in one for one in told) for part in parts)
