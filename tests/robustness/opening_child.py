"""A process of its own that opens files and writes down all it was seen to do: ``python -m tests.robustness.opening_child FOLDER``.

The audit hook cannot be taken off again, so it needs a process that does nothing else.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from core.catalogue.registry import all_kinds
from core.errors import ProjectFileError
from core.storage.project import load_project

QUIET_EVENTS = {"object.__getattr__", "object.__setattr__", "object.__delattr__", "sys._getframe", "code.__new__"}


class Watch:
    """Collects what the interpreter reports while a file is being opened."""

    def __init__(self) -> None:
        self.path = ""
        self.seen: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.path or event in QUIET_EVENTS:
            return
        if event == "open" and arguments[0] == self.path:
            self.seen.append("the file")
        elif event == "open" and isinstance(arguments[0], int):
            return  # A descriptor that is open already gets a buffer.
        else:
            self.seen.append(f"{event} {arguments!r}"[:200])


def open_watched(watch: Watch, path: Path) -> dict[str, Any]:
    watch.seen = []
    watch.path = str(path)
    start = time.process_time()
    try:
        load_project(watch.path)
        outcome = "opened"
    except ProjectFileError as error:
        outcome = str(error)
    except BaseException as error:
        outcome = f"TRACEBACK {type(error).__name__}: {error}"
    finally:
        watch.path = ""
    seconds = time.process_time() - start
    return {"name": path.name, "outcome": outcome, "seen": watch.seen, "seconds": seconds}


def limit_memory(more: int) -> None:
    """From now on this process may take so many bytes more than it has."""
    import resource

    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + more, taken + more))


def control(watch: Watch, folder: Path) -> list[str]:
    """What the hook sees when something does all that opening a file must not do."""
    import pickle
    import socket

    watch.seen, watch.path = [], "control"
    with open(next(folder.iterdir()), "rb"), socket.socket():
        pickle.loads(b"cbuiltins\nlen\n.")  # noqa: S301
        exec(compile("1", "x", "exec"))  # noqa: S102
    watch.path = ""
    return watch.seen


def main(folder: Path) -> None:
    all_kinds()
    if sys.platform == "linux":
        limit_memory(1500 * 1024**2)
    watch = Watch()
    rows = [open_watched(watch, path) for path in sorted(folder.iterdir())]
    print(json.dumps({"rows": rows, "control": control(watch, folder)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
