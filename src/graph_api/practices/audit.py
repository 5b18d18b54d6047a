"""A practice's settings as the audit log has them."""

from graph_api.kernel.fields import logged_fields
from graph_api.practices.model import PracticeSettings


def settings_values(settings: PracticeSettings) -> dict[str, object]:
    """A practice's settings by their names in the API."""
    return {name: getattr(settings, own) for name, own in logged_fields(PracticeSettings).items()}


SETTINGS_FIELDS = frozenset(settings_values(PracticeSettings()))
