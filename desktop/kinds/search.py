"""Finding a kind by what people call it: its title, its key and its synonyms, whole words before loose letters."""

from collections.abc import Iterable

from core.catalogue.kind import NodeKind
from core.catalogue.registry import all_kinds

_WHOLE, _START, _WORD_START, _INSIDE, _LOOSE = 100, 80, 60, 40, 20
_SYNONYM_HANDICAP = 5


def find_kinds(query: str, kinds: Iterable[NodeKind] | None = None) -> list[NodeKind]:
    """The kinds that answer to ``query``, best first, ties in palette order; all of them for an empty query."""
    candidates = list(all_kinds() if kinds is None else kinds)
    scored = [(match_score(query, kind), kind) for kind in candidates]
    return [kind for score, kind in sorted(scored, key=lambda pair: -pair[0]) if score > 0]


def match_score(query: str, kind: NodeKind) -> int:
    """How well ``query`` names ``kind``: 0 for not at all, more for a closer match."""
    wanted = _folded(query)
    if not wanted:
        return 1
    best = max(_name_score(wanted, _folded(kind.title)), _name_score(wanted, _folded(kind.key)))
    others = [_name_score(wanted, _folded(name)) - _SYNONYM_HANDICAP for name in kind.synonyms]
    return max(0, best, *others)


def _name_score(wanted: str, name: str) -> int:
    if wanted == name:
        return _WHOLE
    if name.startswith(wanted):
        return _START
    if all(any(word.startswith(part) for word in name.split()) for part in wanted.split()):
        return _WORD_START
    if wanted in name:
        return _INSIDE
    return _LOOSE if _in_order(wanted.replace(" ", ""), name) else 0


def _in_order(letters: str, name: str) -> bool:
    """Whether the letters occur in ``name`` in this order, the first of them at the start of a word."""
    starts = [at for at in range(len(name)) if name[at] == letters[0] and (at == 0 or name[at - 1] == " ")]
    return any(_follows(letters, name[at:]) for at in starts)


def _follows(letters: str, rest: str) -> bool:
    walk = iter(rest)
    return all(letter in walk for letter in letters)


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
