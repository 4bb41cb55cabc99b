"""Reads SVG path data strictly, so that a glyph that some drawing library would forgive is noticed."""

import re

ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "A": 7, "Z": 0}
TOKEN = re.compile(r"([MLHVCQAZ])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|[\s,]+", re.IGNORECASE)

Point = tuple[float, float]


def points_of(path: str) -> list[Point]:
    """The points that a path visits, control points included. Raises ValueError for what is not path data."""
    points: list[Point] = []
    start = here = (0.0, 0.0)
    for command, numbers in _commands(path):
        upper = command.upper()
        origin = here if command.islower() else (0.0, 0.0)
        if upper == "Z":
            here = start
        elif upper == "H":
            here = (origin[0] + numbers[0], here[1])
        elif upper == "V":
            here = (here[0], origin[1] + numbers[0])
        else:
            pairs = numbers[5:] if upper == "A" else numbers
            visited = [(origin[0] + x, origin[1] + y) for x, y in zip(pairs[::2], pairs[1::2], strict=True)]
            points += visited
            here = visited[-1]
        if upper == "M":
            start = here
        points.append(here)
    return points


def _commands(path: str) -> list[tuple[str, list[float]]]:
    tokens = _tokens(path)
    if not tokens or tokens[0] not in ("M", "m"):
        raise ValueError(f"a path starts with M: {path[:20]!r}")
    commands: list[tuple[str, list[float]]] = []
    place = 0
    command = ""
    while place < len(tokens):
        if tokens[place].isalpha():
            command, place = tokens[place], place + 1
        elif command in "Zz":
            raise ValueError(f"numbers after Z: {path!r}")
        count = ARGUMENTS[command.upper()]
        numbers = [float(token) for token in tokens[place : place + count]]
        if len(numbers) < count:
            raise ValueError(f"{command} wants {count} numbers: {path!r}")
        commands.append((command, numbers))
        place += count
    return commands


def _tokens(path: str) -> list[str]:
    tokens = []
    place = 0
    while place < len(path):
        match = TOKEN.match(path, place)
        if match is None:
            raise ValueError(f"{path[place]!r} is no path data")
        tokens += [group for group in match.groups() if group]
        place = match.end()
    return tokens
