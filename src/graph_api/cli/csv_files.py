"""The two CSV files of an import, as people make them: UTF-8, columns in any order, quoted or not."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph_api.cli.problems import CommandError
from graph_api.exchange.rows import ContactRow, ImportFile, PersonRow, RefusedRow

PEOPLE_COLUMNS = ("id", "given_name", "family_name", "sex", "birth_date")
PEOPLE_EXTRA = ("preferred_name", "email", "phone")
CONTACTS_COLUMNS = ("client_id", "contact_id", "relationship")
CONTACTS_EXTRA = ("relationship_label",)
MAX_FIELD = 65_536
MAX_ROWS = 1_000_000

Values = Mapping[str, str]


@dataclass(slots=True)
class ImportFiles:
    """What both files hold; rows without the right number of columns are refused already."""

    people: list[PersonRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


def read_import_files(people: Path, contacts: Path) -> ImportFiles:
    """Read both whole, before anything is written.

    Raises:
        CommandError: a file can't be read as CSV, or lacks a column.
    """
    files = ImportFiles()
    for line, values in _rows(people, ImportFile.PEOPLE, PEOPLE_COLUMNS, PEOPLE_EXTRA, files.refused):
        files.people.append(_person(line, values))
    for line, values in _rows(contacts, ImportFile.CONTACTS, CONTACTS_COLUMNS, CONTACTS_EXTRA, files.refused):
        files.contacts.append(_contact(line, values))
    return files


def _person(line: int, values: Values) -> PersonRow:
    return PersonRow(
        line=line,
        external_id=values.get("id"),
        given_name=values.get("given_name"),
        family_name=values.get("family_name"),
        preferred_name=values.get("preferred_name"),
        sex=values.get("sex"),
        birth_date=values.get("birth_date"),
        emails=_several(values.get("email")),
        phones=_several(values.get("phone")),
    )


def _contact(line: int, values: Values) -> ContactRow:
    return ContactRow(
        line=line,
        client_id=values.get("client_id"),
        contact_id=values.get("contact_id"),
        relationship=values.get("relationship"),
        relationship_label=values.get("relationship_label"),
    )


def _several(value: str | None) -> tuple[str, ...]:
    return tuple(part for part in (part.strip(" ") for part in (value or "").split(";")) if part)


def _rows(
    path: Path, file: ImportFile, required: tuple[str, ...], extra: tuple[str, ...], refused: list[RefusedRow]
) -> Iterator[tuple[int, Values]]:
    """Each row's first line and its columns that are not blank."""
    records = _records(path)
    header = [name.strip().casefold() for name in next(records, (1, []))[1]]
    _check_header(path, header, required, extra)
    for count, (line, record) in enumerate(records):
        if count == MAX_ROWS:
            raise CommandError(f"{path}: more than {MAX_ROWS:,} rows; split the file.")
        if len(record) == len(header):
            # Only spaces are stripped here: other white space may be a forbidden character, which is refused later.
            cells = zip(header, (cell.strip(" ") for cell in record), strict=True)
            yield line, {name: cell for name, cell in cells if cell}
        else:
            message = f"{len(header)} columns are expected, {len(record)} were found."
            refused.append(RefusedRow(file, line, "row.columns", message))


def _check_header(path: Path, header: list[str], required: tuple[str, ...], extra: tuple[str, ...]) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        raise CommandError(
            f"{path}: the first line must name the columns {', '.join(required)} (and may name {', '.join(extra)}); "
            f"{', '.join(missing)} is missing."
        )
    unknown = sorted({name for name in header if name not in (*required, *extra)})
    if unknown or len(set(header)) != len(header):
        raise CommandError(
            f"{path}: the first line names a column twice, or one that is not known. Known are {', '.join(required)} "
            f"and {', '.join(extra)}: rename or remove the others."
        )


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record with its first line; blank lines are passed over.

    Raises:
        CommandError: unreadable, not UTF-8, or not CSV; nothing was written then.
    """
    csv.field_size_limit(MAX_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            while True:
                line = reader.line_num + 1
                try:
                    record = next(reader, None)
                except csv.Error as error:
                    raise CommandError(f"{path}:{line}: not valid CSV ({error}). Correct the line.") from None
                if record is None:
                    return
                if record:
                    yield line, record
    except UnicodeDecodeError:
        raise CommandError(f"{path}: not UTF-8 text. Save it as CSV in UTF-8.") from None
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or 'unreadable'}.") from None
