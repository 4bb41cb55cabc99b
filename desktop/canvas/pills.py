"""Where the pills with weights stand on their wires, so that none lies on another.

Every pill slides along its own wire, one after the other: to the first of a few places where it covers no pill that
stands already, or else to where it covers least. It is taken to be of one width whatever figure is in it, so that no
pill jumps while the network trains.
"""

from collections import Counter
from collections.abc import Iterable

from desktop.canvas.wire_curve import WireCurve

WEIGHT_AT = 0.36
"""Where on its wire a weight stands when nothing is in its way, in 0..1 from the end that is shared with fewer wires."""
_PLACES = (WEIGHT_AT, 0.3, 0.43, 0.5, 0.24, 0.57, 0.64, 0.71, 0.18, 0.78)
WIDTH, HEIGHT = 54.0, 21.0
MOST = 120
"""More pills than this are left where they stand: nobody can read so many, and each is compared with all others."""


def places(curves: Iterable[tuple[str, WireCurve]]) -> dict[str, float]:
    """Wire id -> where along its curve its pill stands, in 0..1."""
    ordered = sorted(curves, key=lambda pair: (pair[1].end[0], pair[1].end[1], pair[1].start[1], pair[0]))
    if len(ordered) > MOST:
        return dict.fromkeys((key for key, _ in ordered), WEIGHT_AT)
    leaving, arriving = Counter(curve.start for _, curve in ordered), Counter(curve.end for _, curve in ordered)
    found: dict[str, float] = {}
    taken: list[tuple[float, float]] = []
    for key, curve in ordered:
        # Where wires part is hard to tell whose a pill is: it stands nearer to the end that it shares with fewer others.
        far = leaving[curve.start] > arriving[curve.end]
        wished = tuple(1.0 - t for t in _PLACES) if far else _PLACES
        best = min(wished, key=lambda t: _covered(curve.at(t), taken))  # the first of equals
        found[key] = best
        taken.append(curve.at(best))
    return found


def _covered(point: tuple[float, float], taken: Iterable[tuple[float, float]]) -> float:
    """How much of other pills a pill in this place would cover, as an area."""
    x, y = point
    return sum(max(0.0, WIDTH - abs(x - left)) * max(0.0, HEIGHT - abs(y - top)) for left, top in taken)
