"""Enums of practices, as the contract names and describes them."""

from graph_api.practices.model import FEATURES, PracticeFeature
from graph_api.shapes.enums import show

show(
    PracticeFeature,
    "PracticeFeature",
    "A feature that a practice may offer. Each can be switched off for the practice or for one client",
    **{feature.name: words.described for feature, words in FEATURES.items()},
)
