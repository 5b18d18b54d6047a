"""A practitioner in GraphQL."""

from typing import Any

import strawberry

from graph_api.kernel.rules import ADMINS, EVERYONE, WRITERS
from graph_api.practitioners import model as practitioners_model
from graph_api.shapes.context import Info
from graph_api.shapes.node import VERSION, Node, is_a, readable, shown


@strawberry.type(description="Somebody who works at the practice")
class Practitioner(Node):
    display_name: str = shown("The name to show", EVERYONE)
    title: str | None = shown("A title or profession, to show beside the name", EVERYONE)
    is_active: bool = shown("Whether the practitioner works at the practice now", EVERYONE)
    subject: str | None = shown(
        "The subject of the tokens that the practitioner signs in with; null if there is none, or if the viewer may "
        "not see it",
        ADMINS,
    )
    notice_email: str | None = shown(
        "Where the practitioner is told that something waits for them; null if there is none, or if the viewer may "
        "not see it",
        WRITERS,
    )
    version: int | None = shown(VERSION, WRITERS)
    is_type_of = is_a(practitioners_model.Practitioner)

    @strawberry.field(
        description="IANA name of the practitioner's time zone; the practice's if they have none of their own",
        metadata=readable(EVERYONE),
    )
    def time_zone(root: strawberry.Parent[Any], info: Info) -> str:
        own: str | None = root.time_zone
        return own or info.context.caller.practice.time_zone
