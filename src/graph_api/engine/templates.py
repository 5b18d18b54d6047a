"""Statements that differ by a few words are made from one template, when it is loaded.

A template is a file whose header lists variants, and for each of them constants that stand for `<<name>>` in the text:

    // purpose: a page of clients, <<way>>
    // variants: clients, clients_backward
    //   clients: way = forwards
    //   clients: order =
    //   clients_backward: way = backwards
    //   clients_backward: order = DESC
    ...
    ORDER BY p.clientKey <<order>>

Statements are called as their variants. Of several lists of variants each chooses one, and the chosen names are put
together; `-` adds nothing. A constant may name constants of the lists below its own. One that is empty takes the space
before it away. Constants come from the header and from nowhere else: what a caller gives is bound as a parameter.
"""

import re
from collections.abc import Iterator

NOTHING = "-"
"""The variant that adds nothing to the name."""
_VARIANTS = re.compile(r"// variants: *(\S.*)")
_CONSTANT = re.compile(r"//   (\S+): (\w+) =(.*)")
_PLACE = re.compile(r"( ?)<<(\w+)>>")
_NAME = re.compile(r"\w+|-")
Choice = dict[str, dict[str, str]]
"""Variants, and the constants of each."""


class TemplateError(ValueError):
    """A template's header and its text do not fit."""


def made_from(name: str, text: str) -> dict[str, str]:
    """The statements of a file by name; one without variants is one statement, called `name`.

    Raises:
        TemplateError: a variant lacks a constant, a constant is not used, or a place is not filled.
    """
    choices, body = _read(text.splitlines())
    made = {"": body} if choices else {name: text}
    for choice in choices:
        made = dict(_chosen(made, choice))
    for one in made.values():
        if left := re.search(r"<<\w*>*|\w*>>", one):
            raise TemplateError(f"nothing fills {left.group()}")
    return made


def _read(lines: list[str]) -> tuple[list[Choice], str]:
    """The lists of variants, and the text without them."""
    choices: list[Choice] = []
    others: list[str] = []
    for line in lines:
        if listed := _VARIANTS.fullmatch(line):
            names = [name.strip() for name in listed.group(1).split(",")]
            if len(set(names)) != len(names) or not all(map(_NAME.fullmatch, names)):
                raise TemplateError(f"variants are different names: {listed.group(1)}")
            choices.append({name: {} for name in names})
        elif line.startswith("//   "):
            _add(choices, line)
        else:
            others.append(line)
    return choices, "\n".join(others)


def _add(choices: list[Choice], line: str) -> None:
    """Add a constant to a variant of the last list."""
    said = _CONSTANT.fullmatch(line)
    constants = choices[-1].get(said.group(1)) if said and choices else None
    if said is None or constants is None or said.group(2) in constants:
        raise TemplateError(f"not a variant's constant: {line.removeprefix('//').strip()}")
    constants[said.group(2)] = said.group(3).strip()


def _chosen(made: dict[str, str], choice: Choice) -> Iterator[tuple[str, str]]:
    """Each text with each variant's constants."""
    known = {name for constants in choice.values() for name in constants}
    for variant, constants in choice.items():
        if lacking := known - constants.keys():
            raise TemplateError(f"{variant} lacks {', '.join(sorted(lacking))}")
        for stem, text in made.items():
            if unused := known - {place.group(2) for place in _PLACE.finditer(text)}:
                raise TemplateError(f"nothing uses {', '.join(sorted(unused))}")
            yield stem + variant.removeprefix(NOTHING), _filled(text, constants)


def _filled(text: str, constants: dict[str, str]) -> str:
    """The text with its places of these names filled."""

    def fill(place: re.Match[str]) -> str:
        value = constants.get(place.group(2))
        if value is None:
            return place.group()
        return place.group(1) + value if value else ""

    return _PLACE.sub(fill, text)
