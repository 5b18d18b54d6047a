"""The statements that are made from templates; `python -m tests.unit.templated` prints them."""

import sys

from graph_api.engine.statements import Dialect, cypher_root, parse_statement, statement_texts


def printed() -> str:
    """Each with its file and purpose, as it is sent; of both engines, those that are alike once."""
    parts: dict[str, None] = {}
    for dialect in Dialect:
        for path, name, text in statement_texts(dialect):
            if text != path.read_text(encoding="utf-8"):
                file = path.relative_to(cypher_root()).as_posix()
                purpose = next(line for line in text.splitlines() if line.startswith("// purpose: "))
                parts[f"// {name} ({file})\n{purpose}\n{parse_statement(name, text).text}\n"] = None
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(printed())
