"""The command line as a whole: help, exit codes, what it loads, how it is stopped."""

import contextlib
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import layerwise as lw
from layerwise.cli.main import COMMANDS

HEAVY = ("jax", "jaxlib", "sklearn", "scipy", "optax", "pandas")


def python(code: str, *args: object, **options) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh process."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *map(str, args)],
        capture_output=True,
        text=True,
        timeout=100,
        stdin=subprocess.DEVNULL,
        **options,
    )


def layerwise(*args: object, **options) -> subprocess.CompletedProcess[str]:
    """Run the command in a fresh process."""
    code = "from layerwise.cli.main import main; main()"
    return python(code, *args, **options)


def test_help_lists_every_command(command):
    ran = command("--help")
    assert (ran.code, ran.err) == (0, "")
    for name, about in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(about)}$", ran.out, re.MULTILINE)
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command(command, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "80")
    ran = command(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: layerwise {name} ")
    assert COMMANDS[name] in " ".join(ran.out.split())
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_a_narrow_terminal(command, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "40")
    ran = command(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= 40


def test_version(command):
    assert "layerwise --version\n" in command("--help").out
    assert command("--version").out == version("layerwise") + "\n"


def test_a_misspelled_order_of_dates(command, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a\n1\n2\n")
    ran = command("look", path, "--dates", "dayfirst")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "Error: --dates takes day-first or month-first, or COLUMN=ORDER with one of "
        "them. Got 'dayfirst' instead. Did you mean 'day-first'?\n"
    )


def test_nothing_at_all_shows_the_help_and_fails(command):
    ran = command()
    assert ran.code == 2
    assert ran.out == command("--help").out


def test_misspelled_command(command):
    ran = command("trian", "x.csv")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "Error: There is no command 'trian'. Did you mean 'train'? Run 'layerwise "
        "--help' to see them all.\n"
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ["look"],
            "TABLE is missing: a table: .csv, .tsv, .jsonl, .parquet, .arrow or .xlsx, "
            "text also as .gz or .zst; a folder or a pattern of .parquet files; or the "
            "URL of a database.",
        ),
        (
            ["train", "x.csv"],
            "--target COLUMN is missing: the column to predict.",
        ),
        (
            ["train", "x.csv", "--traget", "y"],
            "There is no option '--traget'. Did you mean '--target'?",
        ),
        (
            ["train", "x.csv", "--target", "y", "--epochs", "two"],
            "--epochs takes a whole number. Got 'two' instead.",
        ),
        (
            ["train", "x.csv", "--target", "y", "--l2", "much"],
            "--l2 takes a number. Got 'much' instead.",
        ),
        (
            ["train", "x.csv", "--target", "y", "--task", "binry"],
            "--task is one of regression, binary, multiclass. Got 'binry' instead. "
            "Did you mean 'binary'?",
        ),
    ],
)
def test_command_line_that_is_wrong(command, args, message):
    ran = command(*args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"Error: {message}\nFor help: layerwise {args[0]} --help\n"


def test_unknown_failure_has_no_traceback(command, monkeypatch):
    def fails(*args, **options):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("layerwise.cli.look.read", fails)
    ran = command("look", "x.csv")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: layerwise met something it does not know: ZeroDivisionError: division "
        "by zero. LAYERWISE_TRACEBACK=1 shows where.\n"
    )


def test_no_error_steers_the_terminal(command, line_model, tmp_path):
    raw = line_model.path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    manifest = json.loads(header["__metadata__"]["layerwise"])
    manifest["facts"]["valid"] = {"\x1b]0;PWNED\x07": "x"}
    header["__metadata__"]["layerwise"] = json.dumps(manifest)
    text = json.dumps(header).encode()
    path = tmp_path / "steering.safetensors"
    path.write_bytes(struct.pack("<Q", len(text)) + text + raw[8 + length :])
    ran = command("show", path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: 'steering.safetensors' was changed after it was saved, or is no model "
        "file: facts/valid/'\\x1b]0;PWNED\\x07': expected a finite number, found 'x'.\n"
    )


def test_unknown_failures_steer_no_terminal(command, monkeypatch):
    def fails(*args, **options):
        raise ZeroDivisionError("\x1b[2J\x9b2J\nnext line")

    monkeypatch.setattr("layerwise.cli.look.read", fails)
    assert command("look", "x.csv").err == (
        "Error: layerwise met something it does not know: ZeroDivisionError: "
        "\\x1b[2J\\x9b2J\nnext line. LAYERWISE_TRACEBACK=1 shows where.\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize(
    "args", [["look"], ["look", "--json"], ["--help"], ["predict"]]
)
def test_output_without_room(args, tables, line_model):
    files = {"look": [tables.line], "predict": [line_model.path, tables.line]}
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "layerwise", *args, *files.get(args[0], [])],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=100,
        )
    assert ran.returncode == 1
    assert ran.stderr == (
        "Error: Could not write: No space left on device. Make room, or write "
        "elsewhere.\n"
    )


def test_traceback_is_there_for_those_who_ask(command, monkeypatch):
    monkeypatch.setenv("LAYERWISE_TRACEBACK", "1")
    with pytest.raises(lw.LayerwiseError, match="there is no such file"):
        command("look", "none.csv")


def test_help_and_tables_load_nothing_heavy(tables):
    code = (
        "import sys\n"
        "import layerwise.table\n"
        "from layerwise.cli.main import run\n"
        "codes = [run(['--help']), run(['look', sys.argv[1]])]\n"
        f"print('loaded', codes, [name for name in {HEAVY} if name in sys.modules])"
    )
    ran = python(code, tables.people)
    assert ran.stdout.splitlines()[-1] == "loaded [0, 0] []", ran.stderr


def test_importing_writes_nothing_and_opens_no_socket(tmp_path):
    code = """
import sys
events = []
def listen(event, args):
    if event == "open" and args[0] != "/dev/null":
        mode, flags = args[1], args[2]
        if set(mode or "") & set("wax+") or flags & 3:
            events.append((event, args))
    elif event.startswith(("socket.", "os.mkdir", "os.rename", "os.remove")):
        events.append((event, args))
sys.addaudithook(listen)
import layerwise
for name in layerwise.__all__:
    getattr(layerwise, name)
print(events)
"""
    environment = os.environ | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    ran = python(code, env=environment, cwd=tmp_path)
    assert ran.stdout == "[]\n", ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_whoever_reads_the_output_may_stop_early(tables):
    code = "from layerwise.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "look", str(tables.people), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdout.close()  # as `| head -0` does
        assert process.wait(60) == 0
        assert process.stderr.read() == ""


def test_output_that_lacks_letters_is_no_failure(tables):
    ran = layerwise(
        "look", tables.people, env=os.environ | {"PYTHONIOENCODING": "ascii"}
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    ran = layerwise(
        *("look", Path(__file__).parents[2] / "examples" / "sales.csv", "--json"),
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert json.loads(ran.stdout)["columns"][2]["cells"][0] == "£4,270.45"


def endless(tables, path: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "layerwise", "train", str(tables.people)),
        *("--target", "loan", "--layers", "8 relu", "--batch-size", "40"),
        *("--epochs", "100000000", "--patience", "0", "--seed", "1"),
        *("--out", str(path), "--json"),
    ]


def test_ctrl_c_keeps_the_best_epoch_and_saves_it(tables, tmp_path):
    path = tmp_path / "stopped.safetensors"
    with subprocess.Popen(
        endless(tables, path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        about = process.stderr.readline()
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=100)
    assert about.startswith("Training a network will take about ")
    assert first.startswith("epoch 1 of 100,000,000  iteration 3  ")
    assert process.returncode == 0
    assert err.splitlines()[0] == (
        "Stopping after this epoch; the best so far is kept. Ctrl-C again stops at "
        "once."
    )
    assert "Traceback" not in err
    plain = json.loads(out)
    assert plain["stopped"] == "it was stopped by the user"
    assert 1 <= plain["best_epoch"] <= plain["epochs"] < 100_000_000
    model = lw.load(path)
    assert model.evaluate(tables.people)["accuracy"] > 0
    assert len(model.history.epochs) == plain["epochs"]


def test_terminal_sees_the_display_and_ctrl_c_ends_it(tables, tmp_path):
    path = tmp_path / "stopped.safetensors"
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        endless(tables, path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "80"},
    ) as process:
        os.close(theirs)
        seen = b""
        while "▲ best epoch".encode() not in seen:
            seen += os.read(ours, 4096)
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(OSError):  # it closed the terminal: all was read
            while more := os.read(ours, 4096):
                seen += more
        out = process.stdout.read()
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode())
    assert process.returncode == 0
    assert "Reading the columns and making the network ready ..." in text
    assert "Ctrl-C keeps the best epoch so far" in text
    assert "train cost  " in text
    assert json.loads(out)["stopped"] == "it was stopped by the user"
    assert path.is_file()


def test_ctrl_c_before_training_writes_nothing(tables, tmp_path):
    path = tmp_path / "stopped.safetensors"
    code = (
        "import os, signal\n"
        "import layerwise.cli.train as train\n"
        "from layerwise.cli.main import main\n"
        "def interrupted(*args, **options):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "train.to_write = interrupted\n"
        "main()"
    )
    ran = python(code, "train", tables.line, "--target", "y", "--out", path)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        "Stopped before anything was finished; nothing was written.\n"
    )
    assert not path.exists()
