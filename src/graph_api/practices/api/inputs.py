"""Inputs about a practice."""

import strawberry

from graph_api.practices.model import PracticeFeature
from graph_api.shapes.inputs import KEY, needed, taken


@strawberry.input(description="Input of setPracticeFeature")
class SetPracticeFeatureInput:
    feature: PracticeFeature = needed("The feature to switch")
    enabled: bool = needed("Whether the practice offers the feature")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="Input of setAgeOfMajority")
class SetAgeOfMajorityInput:
    age: int = needed("The age from which clients are adults, in years, 14 to 25")
    idempotency_key: str | None = taken(KEY)
