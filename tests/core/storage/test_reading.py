"""Reading a file whole: its limit, and what is no file."""

import os

import pytest

from core.errors import ProjectFileError
from core.storage import limits, reading
from core.storage.project import load_project
from core.storage.reading import fingerprint, read_file, reason


def test_the_limit_and_one_above(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_file(path, 5) == b"12345"
    assert read_file(str(path)) == b"12345"
    with pytest.raises(ProjectFileError, match="file is 5 bytes long; at most 4"):
        read_file(path, 4)


def test_256_mebibytes_and_one_byte(tmp_path):
    path = tmp_path / "large.nloom"
    with path.open("wb") as file:
        file.truncate(256 * 1024**2 + 1)
    with pytest.raises(ProjectFileError, match=r"268,435,457 bytes long; at most 268,435,456"):
        load_project(path)
    assert limits.MAX_FILE_BYTES == 268_435_456


def test_a_file_that_grows_while_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    real = os.fstat

    class Small:
        def __init__(self, status):
            self.st_mode, self.st_size = status.st_mode, 3

    monkeypatch.setattr(reading.os, "fstat", lambda descriptor: Small(real(descriptor)))
    with pytest.raises(ProjectFileError, match="5 bytes long; at most 4"):
        read_file(path, 4)


@pytest.mark.parametrize("name", ["missing.nloom", "nul\0", "n" * 300])
def test_what_cannot_be_opened(tmp_path, name):
    with pytest.raises(ProjectFileError, match="cannot be opened"):
        read_file(f"{tmp_path}/{name}")


def test_a_folder(tmp_path):
    with pytest.raises(ProjectFileError, match=r"is not a file|cannot be opened"):
        read_file(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_and_a_device_do_not_make_us_wait(tmp_path):
    os.mkfifo(tmp_path / "pipe.nloom")
    with pytest.raises(ProjectFileError, match="is not a file"):
        read_file(tmp_path / "pipe.nloom")
    with pytest.raises(ProjectFileError, match="is not a file"):
        read_file("/dev/zero")


def test_a_read_that_fails(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"12345")

    def broken(*arguments, **named):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(reading.os, "fdopen", broken)
    with pytest.raises(ProjectFileError, match="cannot be read: input/output error"):
        read_file(path)


def test_reasons_are_half_sentences():
    assert reason(OSError(28, "No space left on device")) == "no space left on device"
    assert reason(ValueError("embedded null byte")) == "embedded null byte"


def test_fingerprints_differ():
    assert fingerprint(b"a") != fingerprint(b"b")
    assert fingerprint(b"a") == fingerprint(b"a")


def test_parameters_at_the_limit_and_one_above(monkeypatch):
    monkeypatch.setattr(limits, "room_for_training", lambda: None)
    assert limits.parameters_problem(50_000_000) is None
    assert "at most 50,000,000" in limits.parameters_problem(50_000_001)


def test_training_memory_within_a_quarter_of_the_machine(monkeypatch):
    monkeypatch.setattr(limits, "room_for_training", lambda: 44 * 1000)
    assert limits.parameters_problem(1000) is None
    assert "44,044 bytes, more than a quarter" in limits.parameters_problem(1001)
