"""A practice in GraphQL."""

from collections.abc import Collection
from typing import Any

import strawberry

from graph_api.kernel import caller as kernel_caller
from graph_api.kernel.rules import EVERYONE, INSIDE
from graph_api.practices import model as practices_model
from graph_api.practices.api.loaders import SettingsLoader
from graph_api.practices.model import PracticeFeature
from graph_api.shapes.context import Info
from graph_api.shapes.node import Node, is_a, readable, shown


@strawberry.type(description="A health practice")
class Practice(Node):
    name: str = shown("The practice's name", EVERYONE)
    time_zone: str = shown("IANA name of the practice's time zone, in which dates count", EVERYONE)
    is_type_of = is_a(kernel_caller.Practice)

    @strawberry.field(description="Features the practice offers", metadata=readable(INSIDE))
    async def features(root: strawberry.Parent[Any], info: Info) -> list[PracticeFeature] | None:
        return in_order((await info.context[SettingsLoader].load(root.id)).features)

    @strawberry.field(description="The age from which clients are adults", metadata=readable(INSIDE))
    async def age_of_majority(root: strawberry.Parent[Any], info: Info) -> int | None:
        settings: practices_model.PracticeSettings = await info.context[SettingsLoader].load(root.id)
        return settings.age_of_majority


def in_order(features: Collection[PracticeFeature]) -> list[PracticeFeature]:
    """Features as they are listed, in the order of the enum."""
    return [feature for feature in PracticeFeature if feature in features]
