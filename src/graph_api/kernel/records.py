"""Records: what a read brings, as values in the order of the properties asked for.

Dates and times are ISO 8601 text and enums are their values, as the graph keeps them and the contract shows them, so
an answer is built from a record without making an object of it first.
"""

from typing import Any

Record = list[Any]
"""Values in the order of the properties asked for; the first is the id. What is unknown is None."""


ID = ("id",)
