"""Inputs about a practice."""

import strawberry

from graph_api.practices.model import PracticeFeature
from graph_api.shapes.inputs import KEY, needed, taken


@strawberry.input(description="A feature of the practice, on or off")
class SetPracticeFeatureInput:
    feature: PracticeFeature = needed("Which feature")
    enabled: bool = needed("Whether the practice offers it")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="At which age clients are adults")
class SetAgeOfMajorityInput:
    age: int = needed("In years, 14 to 25")
    idempotency_key: str | None = taken(KEY)
