"""`graph-api practice`, beside a running engine."""

import json

import pytest

from tests.cli.command import Command


def test_a_practice_is_made_and_listed(command: Command) -> None:
    made = ("p-list", "--name", "Märple [bold]x[/]", "--time-zone", "America/Chicago", "--region", "us")
    assert command.done("practice", "create", *made) == ""
    table = command.done("practice", "list")
    assert "p-list" in table
    assert "Märple [bold]x[/]" in table
    listed = {row["slug"]: row for row in json.loads(command.done("practice", "list", "--json"))}
    row = listed["p-list"]
    assert (row["name"], row["timeZone"], row["region"]) == ("Märple [bold]x[/]", "America/Chicago", "US")


def test_a_slug_names_one_practice(command: Command, practice: str) -> None:
    more = ("--name", "Other", "--time-zone", "UTC", "--region", "US")
    assert "already has this slug" in command.refused("practice", "create", practice, *more)
    listed = [row for row in json.loads(command.done("practice", "list", "--json")) if row["slug"] == practice]
    assert [row["name"] for row in listed] == ["Test"]


@pytest.mark.parametrize(
    ("slug", "name", "zone", "region", "said"),
    [
        ("Maple", "M", "UTC", "US", "1 to 63 of a-z, 0-9 and -"),
        ("m" * 64, "M", "UTC", "US", "1 to 63 of a-z, 0-9 and -"),
        ("p-refused", " ", "UTC", "US", "may not be empty"),
        ("p-refused", "M\u202e", "UTC", "US", "text-direction"),
        ("p-refused", "M\u2028N", "UTC", "US", "line separators"),
        ("p-refused", "M", "Europe/Atlantis", "US", "time zone"),
        ("p-refused", "M", "../etc/passwd", "US", "time zone"),
        ("p-refused", "M", "UTC", "XX", "two letters"),
    ],
)
def test_what_a_practice_needs(command: Command, slug: str, name: str, zone: str, region: str, said: str) -> None:
    options = ("--name", name, "--time-zone", zone, "--region", region)
    assert said in command.misused("practice", "create", slug, *options)
    assert slug not in command.done("practice", "list", "--json")
