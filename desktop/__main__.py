"""The ``neuroloom`` command: a file or nothing opens the window, everything else goes to the headless command line.

Neither side loads the other: a server without graphics libraries runs the verbs, and the window does not wait for typer.
"""

import sys
from pathlib import Path

from core.threads import use_one_blas_thread

PROJECT_SUFFIXES = (".nloom", ".nloom.json")


def main() -> int:
    """Run ``neuroloom`` with the arguments of the process; the exit code."""
    use_one_blas_thread()
    arguments = sys.argv[1:]
    if wants_window(arguments):
        return open_window(arguments[0] if arguments else None)
    if arguments[0] == "render":
        from desktop.render import main as run_render

        return run_render(arguments[1:])
    from core.cli import main as run_command

    return run_command()


def wants_window(arguments: list[str]) -> bool:
    """Whether these arguments ask for the window: none, or one project."""
    if not arguments:
        return True
    name = arguments[0]
    return len(arguments) == 1 and (
        name.endswith(PROJECT_SUFFIXES) or name.startswith("template:") or Path(name).is_file()
    )


def open_window(name: str | None) -> int:
    """Open the window; a sentence and exit code 2 where there are no graphics libraries."""
    try:
        from desktop.app import run
    except ImportError as error:
        print(
            f"The window needs Qt, and that cannot be loaded ({error}). "
            "The commands that need no screen work: see neuroloom --help.",
            file=sys.stderr,
        )
        return 2
    return run(name)


if __name__ == "__main__":
    sys.exit(main())
