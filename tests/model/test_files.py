"""Writing a file: interrupted anywhere, the old or the new one is there, whole."""

import errno
import os
import resource
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import file_faults
import pytest
from file_faults import NEW, OLD, Faulty

from layerwise import files
from layerwise.errors import BundleError
from layerwise.files import write_whole
from layerwise.model import load


def raised(error):
    def failure():
        raise error

    return failure


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(OLD)
    return path


@pytest.fixture
def write(monkeypatch):
    """Return a function that writes a file with fail points, and gives the calls."""

    def write(path, *fault):
        faulty = Faulty(*fault)
        with monkeypatch.context() as patch:
            patch.setattr(files, "os", faulty)
            write_whole(path, NEW)
        return faulty.calls

    return write


def test_data_reaches_the_disk_before_the_name_and_the_name_before_the_end(path, write):
    calls = write(path)
    names = [name for name, _ in calls]
    assert names == [
        *("open", "fchmod", "write", "write", "write", "fsync", "close"),
        *("replace", "open", "fsync", "close"),
    ]
    opened, folder = [args[0] for name, args in calls if name == "open"]
    assert opened.parent == folder == path.parent
    source, target = calls[names.index("replace")][1]
    assert (source, target) == (opened, path)
    file, folder_file = [args[0] for name, args in calls if name == "fsync"]
    assert file == calls[names.index("write")][1][0]
    assert folder_file == calls[-1][1][0]
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O error"), KeyboardInterrupt])
def test_failing_anywhere_leaves_the_old_or_the_new_file_and_nothing_else(
    path, write, error, after
):
    seen = set()
    for operation in range(len(write(path))):
        path.write_bytes(OLD)
        with pytest.raises((BundleError, KeyboardInterrupt)):
            write(path, operation, raised(error), after)
        assert path.read_bytes() in (OLD, NEW)
        assert os.listdir(path.parent) == [path.name], operation
        seen.add(path.read_bytes() == NEW)
    assert seen == {False, True}


@pytest.mark.parametrize("when", ["before", "after"])
def test_dying_anywhere_leaves_the_old_or_the_new_file(path, write, when):
    n_calls = len(write(path))
    command = [sys.executable, file_faults.__file__, path, when]
    found = subprocess.check_output(command, text=True).split()
    named = 7 + (when == "before")  # the new file has its name from here on
    assert found == ["old"] * named + ["new"] * (n_calls - named)
    left = {name for name in os.listdir(path.parent) if name != path.name}
    assert left  # a dead process cannot clean up, but is in nobody's way
    assert all(name.endswith(".part") for name in left)
    write_whole(path, NEW)
    assert path.read_bytes() == NEW


KILLED = """
import sys
from pathlib import Path
from layerwise.files import write_whole
data = Path(sys.argv[2]).read_bytes()
print("ready", flush=True)
while True:
    write_whole(sys.argv[1], data)
"""


def test_killed_at_random_moments_a_model_still_loads(models, tmp_path):
    path, source = tmp_path / "model.safetensors", tmp_path / "other.safetensors"
    models["line"].save(path)
    models["mixed"].save(source)
    allowed = {path.read_bytes(), source.read_bytes()}
    for seconds in (0, 0.02, 0.05):
        command = [sys.executable, "-c", KILLED, path, source]
        child = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert child.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        child.kill()
        child.communicate()
        assert path.read_bytes() in allowed
        assert load(path).n_parameters
        models["line"].save(path)


def test_a_full_disk_is_said_and_changes_nothing(path, write):
    with pytest.raises(BundleError, match="^Could not write 'model.safetensors': No s"):
        write(path, 4, raised(OSError(errno.ENOSPC, "No space left")))
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == [path.name]


def test_a_disk_that_fills_while_saving_a_model(models, path):
    """The kernel itself cuts the file off, after a short write."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    for size in (0, 1, 1_000, 3_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, limit[1]))
        try:
            with pytest.raises(BundleError) as caught:
                models["line"].save(path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        assert str(caught.value) == (
            "Could not write 'model.safetensors': File too large. What was there "
            "before is untouched. Choose another folder or make room."
        )
        assert path.read_bytes() == OLD
        assert os.listdir(path.parent) == [path.name]
    models["line"].save(path)
    assert load(path).n_parameters == models["line"].n_parameters


@contextmanager
def as_a_stranger():
    """Be a user who may not write where root may."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_may_not_be_written_and_a_file_that_may_not_be_read():
    # not tmp_path, which only its owner may enter
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        path.write_bytes(OLD)
        path.chmod(0o000)
        Path(folder).chmod(0o555)
        with as_a_stranger():
            with pytest.raises(BundleError, match="^Could not write .* denied. What"):
                write_whole(path, NEW)
            with pytest.raises(
                BundleError, match="^Could not open .*Permission denied"
            ):
                load(path)
        Path(folder).chmod(0o755)
        path.chmod(0o600)
        assert path.read_bytes() == OLD


def test_a_read_only_disk_is_said(path, write):
    error = OSError(errno.EROFS, "Read-only file system")
    with pytest.raises(BundleError, match="Read-only file system. What was there"):
        write(path, 0, raised(error))
    assert path.read_bytes() == OLD


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere/model.safetensors", "'model.safetensors': its folder does not exist"),
        ("folder", "'folder': there is a folder or a device of that name"),
        ("pipe", "'pipe': there is a folder or a device of that name"),
        ("zero\0byte", "embedded null"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_place_that_cannot_be_a_file(tmp_path, name, message):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(BundleError, match=message):
        write_whole(tmp_path / name, NEW)
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize("code", sorted(files.NO_FOLDER_SYNC))
def test_a_folder_that_cannot_be_synced_is_no_failure(path, write, code):
    write(path, 8, raised(OSError(code, os.strerror(code))))
    assert path.read_bytes() == NEW


def test_a_folder_whose_sync_fails_is_said(path, write):
    error = OSError(errno.EIO, "Input/output error")
    with pytest.raises(
        BundleError, match="was written, but might be lost if the power"
    ):
        write(path, 9, raised(error))
    assert path.read_bytes() == NEW


def test_a_file_keeps_its_permissions_and_a_link_stays_a_link(path):
    path.chmod(0o640)
    link = path.parent / "latest.safetensors"
    link.symlink_to(path.name)
    write_whole(link, NEW)
    assert link.is_symlink()
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_name_as_long_as_names_may_be(tmp_path):
    path = tmp_path / ("m" * 255)
    write_whole(path, NEW)
    assert path.read_bytes() == NEW


def test_nothing_at_all_can_be_written(tmp_path):
    write_whole(tmp_path / "empty", b"")
    assert (tmp_path / "empty").read_bytes() == b""
