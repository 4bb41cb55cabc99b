"""Saves that go well, and saves with a fault at each I/O call: the old contents or the new ones, and never a third thing."""

import errno
import json
import os
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.errors import ProjectFileError
from core.storage import atomic
from core.storage.atomic import FileChangedError, move_file, write_atomically
from core.storage.reading import fingerprint
from tests.faults import FaultyOs

ROOT = Path(__file__).parents[3]
OLDER, OLD, NEW = b"older " * 100, b"old " * 1000, b"new " * 5000
posix = pytest.mark.skipif(os.name == "nt", reason="permissions and links of POSIX")


@pytest.fixture
def target(tmp_path):
    path = tmp_path / "net.nloom"
    path.write_bytes(OLDER)
    write_atomically(path, OLD)
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file(tmp_path):
    path = tmp_path / "net.nloom"
    assert write_atomically(path, NEW) == fingerprint(NEW)
    assert path.read_bytes() == NEW
    assert names(tmp_path) == ["net.nloom"]


def test_the_previous_version_is_kept(target):
    assert names(target.parent) == ["net.nloom", "net.nloom~"]
    write_atomically(target, NEW)
    assert target.read_bytes() == NEW
    assert target.with_name("net.nloom~").read_bytes() == OLD
    assert names(target.parent) == ["net.nloom", "net.nloom~"]


def test_without_a_previous_version(target):
    write_atomically(target, NEW, keep_previous=False)
    assert target.with_name("net.nloom~").read_bytes() == OLDER


def test_an_empty_file_and_a_text_path(tmp_path):
    write_atomically(str(tmp_path / "empty"), b"")
    assert (tmp_path / "empty").read_bytes() == b""


def test_verify_stops_the_save_before_anything_is_touched(target):
    def refuse(data):
        assert data == NEW
        raise ProjectFileError("no")

    with pytest.raises(ProjectFileError, match="no"):
        write_atomically(target, NEW, refuse)
    assert target.read_bytes() == OLD
    assert target.with_name("net.nloom~").read_bytes() == OLDER


def test_a_file_that_someone_else_changed_is_not_written_over(target):
    known = fingerprint(OLD)
    assert write_atomically(target, NEW, expected=known) == fingerprint(NEW)
    with pytest.raises(FileChangedError, match="another program"):
        write_atomically(target, OLD, expected=known)
    assert target.read_bytes() == NEW
    assert target.with_name("net.nloom~").read_bytes() == OLD


def test_a_file_that_someone_else_removed_is_written_again(target):
    target.unlink()
    write_atomically(target, NEW, expected=fingerprint(OLD))
    assert target.read_bytes() == NEW


@posix
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_the_mode_of_the_old_file_is_kept(target, mode):
    target.chmod(mode)
    write_atomically(target, NEW)
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert stat.S_IMODE(target.with_name("net.nloom~").stat().st_mode) == mode


@posix
def test_a_new_file_has_the_users_mode(tmp_path):
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "net.nloom", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "net.nloom").stat().st_mode) == 0o640


@posix
def test_a_link_stays_a_link(target):
    link = target.with_name("link.nloom")
    link.symlink_to(target)
    write_atomically(link, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW
    assert target.with_name("net.nloom~").read_bytes() == OLD


def test_a_folder_is_not_written_over(tmp_path):
    with pytest.raises(ProjectFileError, match="not a file"):
        write_atomically(tmp_path, NEW)


@pytest.mark.parametrize("name", ["missing/net.nloom", "n" * 300, "nul\0.nloom"])
def test_impossible_names_give_a_sentence(tmp_path, name):
    with pytest.raises(ProjectFileError, match="could not be saved"):
        write_atomically(str(tmp_path / name), NEW)


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_gives_a_sentence(target):
    target.parent.chmod(0o500)
    try:
        with pytest.raises(ProjectFileError, match="ermission denied"):
            write_atomically(target, NEW)
    finally:
        target.parent.chmod(0o700)
    assert target.read_bytes() == OLD


def test_a_previous_version_that_cannot_be_kept_stops_the_save(target):
    previous = target.with_name("net.nloom~")
    previous.unlink()
    previous.mkdir()
    with pytest.raises(ProjectFileError, match="could not be saved"):
        write_atomically(target, NEW)
    assert target.read_bytes() == OLD
    assert names(target.parent) == ["net.nloom", "net.nloom~"]


def test_a_previous_version_that_is_the_same_file_leaves_no_litter(target):
    previous = target.with_name("net.nloom~")
    previous.unlink()
    os.link(target, previous)
    write_atomically(target, NEW)
    assert previous.read_bytes() == OLD
    assert names(target.parent) == ["net.nloom", "net.nloom~"]


def test_where_there_are_no_links_the_previous_version_is_copied(target, monkeypatch):
    def no_links(*arguments):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    write_atomically(target, NEW)
    assert target.read_bytes() == NEW
    assert target.with_name("net.nloom~").read_bytes() == OLD
    assert names(target.parent) == ["net.nloom", "net.nloom~"]


def test_a_write_that_makes_no_headway_is_an_error(target, monkeypatch):
    monkeypatch.setattr(os, "write", lambda descriptor, data: 0)
    with pytest.raises(ProjectFileError, match="nothing more can be written"):
        write_atomically(target, NEW)
    assert target.read_bytes() == OLD


def test_what_killed_saves_left_is_cleared_away_after_a_day(target):
    prefix = atomic._neighbour_prefix(target)
    fresh = target.with_name(f"{prefix}fresh.tmp")
    stale = target.with_name(f"{prefix}stale.tmp")
    other = target.with_name(".neuroloom-000000000000-stale.tmp")
    for path in (fresh, stale, other):
        path.write_bytes(b"half")
    for path in (stale, other):
        os.utime(path, (time.time() - 2 * 24 * 3600,) * 2)
    write_atomically(target, NEW)
    assert fresh.exists()
    assert other.exists()
    assert not stale.exists()


def test_move_file(target):
    folder = target.parent / "trash"
    folder.mkdir()
    move_file(target, folder / "moved")
    assert (folder / "moved").read_bytes() == OLD
    move_file(folder / "moved", folder / "again")
    assert not target.exists()


def test_an_interrupt_leaves_no_litter(target, monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(target, NEW)
    assert target.read_bytes() == OLD
    assert names(target.parent) == ["net.nloom", "net.nloom~"]


def test_a_folder_that_cannot_be_synced_is_no_error_but_a_broken_disk_is(target, monkeypatch):
    real = os.fsync

    def failing(code):
        def fsync(descriptor):
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(code, "no")
            real(descriptor)

        return fsync

    if os.name == "nt":
        pytest.skip("Windows syncs no folders")
    monkeypatch.setattr(os, "fsync", failing(errno.EINVAL))
    write_atomically(target, NEW)
    monkeypatch.setattr(os, "fsync", failing(errno.EIO))
    with pytest.raises(ProjectFileError):
        write_atomically(target, OLD)


def test_on_windows_no_folder_is_synced(target, monkeypatch):
    class WindowsOs(FaultyOs):
        name = "nt"

        def __getattr__(self, name):
            if name == "fchmod":
                raise AttributeError(name)
            return super().__getattr__(name)

    windows = WindowsOs()
    monkeypatch.setattr(atomic, "os", windows)
    write_atomically(target, NEW)
    assert target.read_bytes() == NEW
    assert windows.calls.count("open") == 1


def count_calls(target, monkeypatch):
    faulty = FaultyOs()
    with monkeypatch.context() as patch:
        patch.setattr(atomic, "os", faulty)
        write_atomically(target, OLD)
    return faulty.calls


@pytest.mark.parametrize("fault", ["once", "for ever", "after", "full", "short"])
def test_a_fault_at_every_call(target, monkeypatch, fault):
    write_atomically(target, OLD)
    total = len(count_calls(target, monkeypatch))
    assert total >= 12
    outcomes = set()
    for at in range(1, total + 1):
        target.write_bytes(OLD)
        failed = ""
        with monkeypatch.context() as patch:
            patch.setattr(atomic, "os", FaultyOs(at, fault))
            try:
                write_atomically(target, NEW)
            except ProjectFileError as error:
                failed = str(error)
        assert not failed or re.fullmatch(r"[^\n]+\.", failed)
        content = target.read_bytes()
        assert content in (OLD, NEW)
        if not failed:
            assert content == NEW
            assert target.with_name("net.nloom~").read_bytes() == OLD
        outcomes.add((bool(failed), content))
        for name in names(target.parent):
            if name.endswith(".tmp"):  # Only where removing it failed as well.
                assert fault in ("for ever", "once", "full", "after")
                (target.parent / name).unlink()
        write_atomically(target, NEW)
        assert target.read_bytes() == NEW
    if fault == "short":
        assert outcomes == {(False, NEW)}
    else:
        assert (True, OLD) in outcomes


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked for each call")
@pytest.mark.parametrize("fault", ["exit before", "exit after"])
def test_an_exit_at_every_call(tmp_path, fault):
    command = [sys.executable, "-m", "tests.saving_child", "exits", str(tmp_path / "net.nloom"), fault]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert len(found["calls"]) >= 12
    assert set(found["codes"]) == {77}
    assert len(found["codes"]) == len(found["calls"])
    assert set(found["contents"]) == {"old", "new"}
    replaced = len(found["calls"]) - 1 - found["calls"][::-1].index("replace")
    turn = replaced + (fault == "exit before")
    assert found["contents"] == ["old"] * turn + ["new"] * (len(found["calls"]) - turn)
