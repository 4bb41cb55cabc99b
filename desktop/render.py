"""``neuroloom render``: a picture of a diagram as PNG, SVG or PDF, made without a screen.

It is the one headless verb that needs Qt, because the picture is painted by the canvas itself.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from core.errors import NeuroloomError

TEMPLATE = "template:"
EXIT_BAD = 2

app = typer.Typer(name="neuroloom render", add_completion=False, pretty_exceptions_enable=False)


def main(arguments: Sequence[str]) -> int:
    """Run the verb with the arguments after it; the exit code. What fails is one sentence on standard error."""
    from core.cli import USAGE_ERROR

    try:
        command = typer.main.get_command(app)
        return command.main(list(arguments), prog_name="neuroloom render", standalone_mode=False) or 0
    except NeuroloomError as error:
        print(error, file=sys.stderr)
    except USAGE_ERROR as error:
        print(error.format_message(), file=sys.stderr)
    return EXIT_BAD


@app.command()
def render(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A project (.nloom, .nloom.json) or template:KEY.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The picture to write: .png, .svg or .pdf.")],
    theme_name: Annotated[str, typer.Option("--theme", help="light or dark.")] = "light",
    scale: Annotated[float, typer.Option(min=0.1, max=16.0, help="How large: 2 for twice the size.")] = 1.0,
) -> int:
    """Write a picture of the diagram."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from core.storage.atomic import write_atomically
    from core.storage.project import load_project
    from core.templates import template
    from desktop import theme
    from desktop.app import create_application
    from desktop.canvas.picture import picture_bytes

    if theme_name not in theme.THEMES:
        raise NeuroloomError(f"There is no theme {theme_name!r}; there are: {', '.join(theme.THEMES)}.")
    project = template(file.removeprefix(TEMPLATE)) if file.startswith(TEMPLATE) else load_project(file)
    create_application([])
    theme.hub().set_mode(theme_name)
    write_atomically(out, picture_bytes(project, out.suffix.lower(), scale), keep_previous=False)
    return 0
