"""The decision on every case of the table (D4, D5, D7, D8, D13)."""

from datetime import UTC, datetime

import pytest

from graph_api.access.decision import allowed_actions, decide
from graph_api.access.facts import AccessFacts, PracticeFacts
from graph_api.access.model import AccessRule, PortalAction
from tests.access.access_cases import Case, access_cases, facts_of

ORDER = list(AccessRule)
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize("case", access_cases(), ids=lambda case: case.name.replace(" ", "_"))
def test_d5_a_case_is_decided_as_the_table_says(case: Case) -> None:
    facts = facts_of(case.state_at(case.at), is_self=case.is_self)
    for action in case.actions:
        decision = decide(facts, action, case.at)
        denial = decision.nearest_denial
        assert (denial and denial.rule) == case.denied, (action, decision.checks)
        assert decision.allowed is (case.denied is None)
        assert case.says in (denial.explanation if denial else "")
        assert (decision.action, decision.at) == (action, case.at)
        rules = [check.rule for check in decision.checks]
        assert rules == sorted(set(rules), key=ORDER.index)
        assert (action in allowed_actions(facts, case.at)) is decision.allowed
        assert all(check.explanation.endswith(".") for check in decision.checks)


def test_the_table_is_large_enough_and_its_names_differ() -> None:
    names = [case.name for case in access_cases()]
    assert len(names) >= 80
    assert len(set(names)) == len(names)


def test_every_rule_is_the_one_no_of_a_case() -> None:
    """Each rule denies where all others would allow, and somewhere allows."""
    alone = set()
    for case in access_cases():
        facts = facts_of(case.state_at(case.at), is_self=case.is_self)
        for action in case.actions:
            failed = [check.rule for check in decide(facts, action, case.at).checks if not check.passed]
            if len(failed) == 1:
                alone.add(failed[0])
    assert alone == set(AccessRule)


@pytest.mark.parametrize("action", PortalAction)
def test_d5_what_is_not_known_is_a_no(action: PortalAction) -> None:
    nothing = AccessFacts(PracticeFacts("Europe/London"))
    assert decide(nothing, action, NOON).allowed is False
    assert allowed_actions(nothing, NOON) == ()


def test_a_moment_without_an_offset_is_no_moment() -> None:
    with pytest.raises(ValueError, match="offset"):
        decide(AccessFacts(PracticeFacts("Europe/London")), PortalAction.VIEW_PORTAL, datetime(2026, 6, 10, 12))
