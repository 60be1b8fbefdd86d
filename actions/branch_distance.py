"""Which branch is nearest? Pure."""

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

from openbot.catalogue.goods import Branch

EARTH_KM = 6371.0
#: In `memory.done`: the nearest branch is wanted, and the customer was asked where that would be.
NEAREST, NEAREST_ASKED = "nearest", "nearest_asked"


def nearest_first(
    branches: Sequence[Branch], *, latitude: float | None, longitude: float | None
) -> list[tuple[Branch, float | None]]:
    """Pair branches with their distance in km, nearest first; in their own order without a place."""
    if latitude is None or longitude is None:
        return [(branch, None) for branch in branches]
    pairs = [
        (branch, kilometres(latitude, longitude, branch.latitude, branch.longitude)) for branch in branches
    ]
    return [*sorted(pairs, key=lambda pair: pair[1])]


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Distance on the sphere."""
    north, south = radians(latitude), radians(other_latitude)
    half = (
        sin((south - north) / 2) ** 2
        + cos(north) * cos(south) * sin(radians(other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(half))
