"""Changes of a practice's settings."""

from typing import Any

from graph_api.kernel.rules import ADMINS, WRITERS
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.practices.api.inputs import SetAgeOfMajorityInput, SetPracticeFeatureInput
from graph_api.practices.api.types import Practice
from graph_api.practices.commands import SettingsService
from graph_api.shapes.mutations import mutation


@mutation(WRITERS, "Switch a feature on or off for the practice", shows=("practice", Practice))
async def set_practice_feature(scope: Scope, request: Request, source: SetPracticeFeatureInput) -> Any:
    return await scope[SettingsService].set_feature(request, source.feature, source.enabled)


@mutation(ADMINS, "Set the age from which the practice's clients are adults", shows=("practice", Practice))
async def set_age_of_majority(scope: Scope, request: Request, source: SetAgeOfMajorityInput) -> Any:
    return await scope[SettingsService].set_age_of_majority(request, source.age)
