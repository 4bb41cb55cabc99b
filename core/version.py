"""Which version of the program this is: the one that is installed, or in a source tree the one that would be."""

import tomllib
from importlib import metadata
from pathlib import Path


def version() -> str:
    """For example "0.1.0"."""
    try:
        return metadata.version("neuroloom")
    except metadata.PackageNotFoundError:
        declared = (Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8")
        return str(tomllib.loads(declared)["project"]["version"])
