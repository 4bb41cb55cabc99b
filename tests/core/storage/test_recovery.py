"""Recovery: what a killed process leaves, what a living one holds, and where declined snapshots go."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.errors import ProjectFileError
from core.storage import lock as lock_module
from core.storage import recovery
from core.storage.lock import Lock
from core.storage.project import Project, load_project
from core.storage.recovery import RecoveryStore
from tests.projects import full_project

ROOT = Path(__file__).parents[3]
CHILD = """
import sys
from pathlib import Path
from core.storage.project import Project
from core.storage.recovery import RecoveryStore
from tests.projects import full_project
store = RecoveryStore(Path(sys.argv[1]))
writer = store.open(Path(sys.argv[2]), "Spiral")
if sys.argv[3] == "change":
    writer.write(full_project())
print(writer.document_id, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "recovery"


@pytest.fixture
def store(folder):
    return RecoveryStore(folder)


class OtherWindow:
    """Another process with a document open, until it is killed."""

    def __init__(self, folder, origin, changed=True):
        command = [sys.executable, "-c", CHILD, str(folder), str(origin), "change" if changed else "nothing"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.document_id = self.process.stdout.readline().strip()

    def kill(self):
        os.kill(self.process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        self.process.wait(30)
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def other(folder, store, tmp_path):
    window = OtherWindow(folder, tmp_path / "net.nloom")
    yield window
    if window.process.poll() is None:
        window.kill()


def crash(writer):
    """End a window of this process as a crash would: nothing is cleared away, and the lock is given back."""
    os.close(writer._lock._descriptor)
    writer._lock._descriptor = None


def test_a_living_window_is_not_a_crashed_one(store, other, tmp_path):
    assert store.crashed() == ()
    assert store.is_open(tmp_path / "net.nloom")
    assert not store.is_open(tmp_path / "other.nloom")
    with pytest.raises(ProjectFileError, match="open in another window"):
        store.open(document_id=other.document_id)


def test_a_killed_window_is_recovered(store, other, tmp_path):
    other.kill()
    (snapshot,) = store.crashed()
    assert snapshot.document_id == other.document_id
    assert snapshot.origin == tmp_path / "net.nloom"
    assert snapshot.title == "Spiral"
    assert abs(snapshot.saved_at - time.time()) < 600
    assert not store.is_open(tmp_path / "net.nloom")
    project, writer = store.restore(snapshot)
    assert project.diagram.nodes == full_project().diagram.nodes
    assert set(project.parameters) == set(full_project().parameters)
    assert snapshot.path.exists()
    assert store.crashed() == ()
    assert store.is_open(tmp_path / "net.nloom")
    assert not store.is_open(tmp_path / "net.nloom", besides=writer.document_id)
    with pytest.raises(ProjectFileError, match="another window"):
        RecoveryStore(snapshot.path.parent).restore(snapshot)
    writer.clear()
    assert not snapshot.path.exists()
    writer.clear()
    writer.close()
    assert not list(snapshot.path.parent.glob("*.*"))


def test_a_killed_window_without_changes_leaves_nothing(store, folder, tmp_path):
    window = OtherWindow(folder, tmp_path / "net.nloom", changed=False)
    window.kill()
    assert list(folder.glob("*.json"))
    assert store.crashed() == ()
    assert not list(folder.glob("*.*"))


def test_a_clean_end_leaves_nothing(store, folder):
    writer = store.open()
    writer.write(full_project())
    assert writer.path.exists()
    writer.close()
    writer.close()
    assert not list(folder.glob("*.*"))
    assert store.crashed() == ()


def test_the_snapshot_is_the_newest_state_and_has_no_previous_version(store, folder):
    writer = store.open(title="One")
    for number in range(3):
        writer.write(Project(Diagram({f"n{number}": Node(id=f"n{number}", kind="k")})))
    crash(writer)
    (snapshot,) = store.crashed()
    assert snapshot.origin is None
    assert set(load_project(snapshot.path).diagram.nodes) == {"n2"}
    assert not list(folder.glob("*~"))


def test_a_failed_snapshot_keeps_the_last_one(store):
    writer = store.open()
    writer.write(full_project())
    with pytest.raises(ProjectFileError):
        writer.write(Project(Diagram(), extras={"a": {1}}))
    assert load_project(writer.path).extras == full_project().extras
    writer.close()


def test_snapshots_may_be_written_in_another_thread(store):
    writer = store.open()
    thread = threading.Thread(target=writer.write, args=(full_project(),))
    thread.start()
    thread.join()
    assert load_project(writer.path).diagram.nodes == full_project().diagram.nodes
    writer.close()


def test_a_document_that_was_saved_under_another_name(store, tmp_path):
    writer = store.open(tmp_path / "one.nloom", "One")
    writer.describe(tmp_path / "two.nloom", "Two")
    assert store.is_open(tmp_path / "two.nloom")
    assert not store.is_open(tmp_path / "one.nloom")
    writer.close()


def test_several_crashes_newest_first(store):
    writers = [store.open(title=str(number), document_id=f"doc-{number}") for number in range(3)]
    for age, writer in zip((50, 10, 30), writers):
        writer.write(Project(Diagram()))
        os.utime(writer.path, (time.time() - age,) * 2)
        crash(writer)
    assert [snapshot.title for snapshot in store.crashed()] == ["1", "2", "0"]


def test_a_declined_snapshot_goes_to_the_trash_for_seven_days(store, folder, monkeypatch):
    writer = store.open()
    writer.write(full_project())
    crash(writer)
    (snapshot,) = store.crashed()
    store.discard(snapshot)
    assert store.crashed() == ()
    assert not list(folder.glob("*.*"))
    (trashed,) = store.trashed()
    assert load_project(trashed).diagram.nodes == full_project().diagram.nodes
    (folder / "trash" / "mine.txt").write_text("not ours")
    now = time.time()
    monkeypatch.setattr(recovery.time, "time", lambda: now + 7 * 24 * 3600 - 60)
    store.empty_trash()
    assert store.trashed() == (trashed,)
    monkeypatch.setattr(recovery.time, "time", lambda: now + 7 * 24 * 3600 + 60)
    store.empty_trash()
    assert store.trashed() == ()
    assert (folder / "trash" / "mine.txt").exists()


def test_a_discard_that_fails_is_a_sentence(store):
    writer = store.open()
    writer.write(full_project())
    crash(writer)
    (snapshot,) = store.crashed()
    snapshot.path.unlink()
    with pytest.raises(ProjectFileError, match="cannot be discarded"):
        store.discard(snapshot)


def test_a_damaged_snapshot_is_a_sentence_and_stays(store):
    writer = store.open()
    writer.path.write_bytes(b"PK\x03\x04")
    crash(writer)
    (snapshot,) = store.crashed()
    with pytest.raises(ProjectFileError, match="zip"):
        store.restore(snapshot)
    assert store.crashed() == (snapshot,)


@pytest.mark.parametrize("note", [b"", b"[]", b"{}", b'{"origin": 5, "title": []}', b"x" * 100_000])
def test_a_damaged_note_is_no_obstacle(store, folder, note):
    writer = store.open(document_id="doc")
    writer.write(full_project())
    (folder / "doc.json").write_bytes(note)
    crash(writer)
    (snapshot,) = store.crashed()
    assert (snapshot.origin, snapshot.title) == (None, "")


def test_a_lost_note_or_lock_file_is_no_obstacle(store, folder, tmp_path):
    writer = store.open(tmp_path / "net.nloom", document_id="doc")
    writer.write(full_project())
    crash(writer)
    assert not store.is_open(tmp_path / "net.nloom")
    assert not (folder / "doc.lock").exists()
    assert not store.is_open(tmp_path / "net.nloom")
    (folder / "doc.json").unlink()
    assert len(store.crashed()) == 1


def test_other_files_in_the_folder_are_left_alone(store, folder):
    for name in ("not ours.nloom", "a.b.json", "readme.txt"):
        (folder / name).write_text("x")
    assert store.crashed() == ()
    assert len(list(folder.glob("*.*"))) == 3


@pytest.mark.parametrize("key", ["../x", "a b", "", "x" * 65])
def test_ids_that_would_be_paths(store, key):
    if key:
        with pytest.raises(ProjectFileError, match="cannot be the id"):
            store.open(document_id=key)
    else:
        store.open(document_id=key).close()  # None and "" ask for a fresh one.


def test_a_folder_that_cannot_be_made_or_used(tmp_path, store, monkeypatch):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ProjectFileError, match="cannot be made"):
        RecoveryStore(tmp_path / "file" / "recovery")

    def broken(*arguments):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(lock_module.os, "open", broken)
    with pytest.raises(ProjectFileError, match="cannot be used: input/output error"):
        store.open()


def test_a_lock_is_held_once(tmp_path):
    path = tmp_path / "a.lock"
    lock = Lock.take(path)
    assert lock.is_held
    assert Lock.take(path) is None
    lock.release()
    lock.release()
    assert not lock.is_held
    assert not path.exists()
    again = Lock.take(path)
    assert again is not None
    again.release()


def test_a_lock_whose_name_was_removed_meanwhile_is_taken_anew(tmp_path, monkeypatch):
    path = tmp_path / "a.lock"
    real = lock_module._try_lock
    losses = iter([lambda: path.unlink(), lambda: (path.unlink(), path.write_bytes(b""))])

    def lose_the_name(descriptor):
        done = real(descriptor)
        next(losses, lambda: None)()
        return done

    monkeypatch.setattr(lock_module, "_try_lock", lose_the_name)
    lock = Lock.take(path)
    assert path.exists()
    monkeypatch.setattr(lock_module, "_try_lock", real)
    assert Lock.take(path) is None
    lock.release()


def test_the_note_holds_no_more_than_it_must(store, folder, tmp_path):
    writer = store.open(tmp_path / "net.nloom", "Title", document_id="doc")
    assert json.loads((folder / "doc.json").read_text()) == {
        "origin": os.path.realpath(tmp_path / "net.nloom"),
        "title": "Title",
    }
    writer.close()
