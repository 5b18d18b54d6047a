"""`graph-api import`, beside a running engine: the files as people make them, and what is said about them."""

from pathlib import Path

import pytest

from tests.cli.command import Command

PEOPLE = """id,given_name,family_name,sex,birth_date
A1,Ana,García,female,1990-02-28
A2,Bo,,male,
A3,,,,
A4,Cy,Lind,unknown,2990-01-01
"""
CONTACTS = """client_id,contact_id,relationship
A1,A2,PRN
A1,A3,PRN
A2,A1,parent
"""
COUNTS = "people: {} added, {} unchanged; contacts: {} added, {} unchanged; new clients: {}; refused rows: {}"


class Files:
    """Two files of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.people, self.contacts = folder / "people.csv", folder / "contacts.csv"
        self.write()

    def write(self, people: str | bytes = PEOPLE, contacts: str | bytes = CONTACTS) -> None:
        for path, content in ((self.people, people), (self.contacts, contacts)):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def arguments(self, practice: str) -> tuple[str, ...]:
        return "import", "--practice", practice, str(self.people), str(self.contacts)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_each_refused_row_is_listed_with_its_line_and_reason(command: Command, practice: str, files: Files) -> None:
    for counts in ((2, 0, 1, 0, 2, 4), (0, 2, 0, 1, 0, 4)):
        result = command.run(*files.arguments(practice))
        assert (result.exit_code, result.stdout) == (1, "")
        refused = [line.rsplit(": ", 1)[0] for line in result.stderr.splitlines()[:-1]]
        assert refused == [
            f"{files.people}:4: name.missing",
            f"{files.people}:5: birthDate.future",
            f"{files.contacts}:3: contact_id.unknown",
            f"{files.contacts}:4: relationship.unknown",
        ]
        assert result.stderr.splitlines()[-1] == COUNTS.format(*counts)


def test_an_import_of_which_nothing_is_refused_ends_well(command: Command, practice: str, files: Files) -> None:
    files.write(
        "\ufeffFAMILY_NAME, id ,given_name,sex,birth_date,phone,email\r\n"
        '"García, de la",A1,Ana,,,020 7946 0018; 020 7946 0019,\r\n'
        "\r\n"
        '"Line\u00a0break",A2,Bo,,,,bo@example.com; b@example.org\r\n',
        "relationship,client_id,contact_id,relationship_label\nx-OTHER,A1,A2,landlady\n",
    )
    result = command.run(*files.arguments(practice))
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    assert result.stderr.splitlines() == [COUNTS.format(2, 0, 1, 0, 1, 0)]


def test_a_row_is_named_by_its_first_line(command: Command, practice: str, files: Files) -> None:
    files.write(
        'id,given_name,family_name,sex,birth_date\nA1,"Two\nlines",X,,\n\nA2,,,,\nA3,too,few\n',
        CONTACTS.splitlines()[0],
    )
    result = command.run(*files.arguments(practice))
    starts = [line.split(": ")[:2] for line in result.stderr.splitlines()[:-1]]
    assert starts == [
        [f"{files.people}:2", "givenName.forbiddenCharacter"],
        [f"{files.people}:5", "name.missing"],
        [f"{files.people}:6", "row.columns"],
    ]


def test_d9_people_who_look_like_others_are_named(command: Command, practice: str, files: Files) -> None:
    twice = [*PEOPLE.splitlines()[:2], PEOPLE.splitlines()[1].replace("A1", "A9")]
    files.write("\n".join(twice), CONTACTS.splitlines()[0])
    result = command.run(*files.arguments(practice))
    assert result.exit_code == 0
    assert "lines 3" in result.stderr.splitlines()[0]


@pytest.mark.parametrize(
    ("people", "contacts", "said"),
    [
        ("", CONTACTS, "people.csv: the first line must name the columns"),
        ("id,given_name\nA1,Ana\n", CONTACTS, "family_name, sex, birth_date is missing"),
        (PEOPLE, "client_id,contact_id,relation\nA1,A2,PRN\n", "relationship is missing"),
        (PEOPLE.replace("sex,", "sex,ssn,", 1), CONTACTS, "not known"),
        (PEOPLE.replace("sex,", "sex,id,", 1), CONTACTS, "names a column twice"),
        (PEOPLE.encode("utf-16"), CONTACTS, "not UTF-8"),
        (PEOPLE.encode("latin-1"), CONTACTS, "not UTF-8"),
        (PEOPLE + 'A9,"Ana"x,,,\n', CONTACTS, "people.csv:6: not valid CSV"),
        (PEOPLE + f"A9,{'x' * 70_000},,,\n", CONTACTS, "people.csv:6: not valid CSV"),
        (PEOPLE, CONTACTS + 'A1,"A2', "contacts.csv:5: not valid CSV"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_changes_nothing(
    command: Command, practice: str, files: Files, people: str | bytes, contacts: str | bytes, said: str
) -> None:
    files.write(people, contacts)
    line = command.refused(*files.arguments(practice))
    assert said in line
    assert "García" not in line
    files.write(PEOPLE, CONTACTS)
    assert command.run(*files.arguments(practice)).stderr.splitlines()[-1].startswith("people: 2 added, 0 unchanged")


def test_files_and_practice_must_be_there(command: Command, practice: str, files: Files, tmp_path: Path) -> None:
    assert "No practice has this slug" in command.refused(*files.arguments("nowhere"))
    for path in (tmp_path / "missing.csv", tmp_path):
        assert "Invalid value" in command.misused("import", "--practice", practice, str(path), str(files.contacts))


OLD = "id,given_name,family_name,sex,birth_date\n1,Victoria,Hanover,female,1819-05-24\n2,Ulf,,male,{}\n"
NOBODY = "client_id,contact_id,relationship\n1,2,FRND\n"


def test_historic_birth_dates_need_the_option(command: Command, practice: str, files: Files) -> None:
    files.write(OLD.format("0015-06-01"), NOBODY)
    refused = command.run(*files.arguments(practice))
    assert refused.exit_code == 1
    assert [line.rsplit(": ", 1)[0] for line in refused.stderr.splitlines()[:2]] == [
        f"{files.people}:2: birthDate.tooEarly",
        f"{files.people}:3: birthDate.tooEarly",
    ]
    taken = command.run(*files.arguments(practice), "--historic")
    assert [line.rsplit(": ", 1)[0] for line in taken.stderr.splitlines()[:1]] == [
        f"{files.people}:3: birthDate.tooEarly"
    ]
    assert "people: 1 added" in taken.stderr


def test_files_of_two_systems_do_not_meet(command: Command, practice: str, files: Files) -> None:
    header = "id,given_name,family_name,sex,birth_date\n"
    files.write(header + "1,Mira,Kestrel,,2014-05-06\n2,Owen,Kestrel,,1980-01-02\n", NOBODY)
    assert command.run(*files.arguments(practice)).exit_code == 0
    files.write(header + "1,Tariq,Venn,,1971-07-08\n2,Owen,Kestrel,,1980-02-01\n", NOBODY)
    met = command.run(*files.arguments(practice))
    assert met.exit_code == 1
    assert [line.rsplit(": ", 1)[0] for line in met.stderr.splitlines()[:-1]] == [
        f"{files.people}:2: person.contradicts",
        f"{files.contacts}:2: client_id.unknown",
        f"{files.people}: left unchanged, although the name or birth date differs",
    ]
    apart = command.run(*files.arguments(practice), "--system", "Clinic.Two")
    assert apart.exit_code == 0
    assert "people: 2 added, 0 unchanged; contacts: 1 added" in apart.stderr
    for name in ("", "a|b", "x" * 51):
        wrong = command.run(*files.arguments(practice), "--system", name)
        assert wrong.exit_code != 0
        assert "--system is a name" in wrong.stderr
