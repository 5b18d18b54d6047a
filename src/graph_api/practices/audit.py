"""A practice's settings as the audit log has them."""

from graph_api.practices.model import PracticeSettings


def settings_values(settings: PracticeSettings) -> dict[str, object]:
    """A practice's settings by their names in the API."""
    return {"features": settings.features, "ageOfMajority": settings.age_of_majority}


SETTINGS_FIELDS = frozenset(settings_values(PracticeSettings()))
