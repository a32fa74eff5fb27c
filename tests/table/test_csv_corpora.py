"""Public collections of text files: exact cells, or at least no crash.

The collections lie beside the project as archives; without them these tests are
skipped.
"""

import csv
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from layerwise.table.delimited.text import parse_text

LIMIT_BYTES = 2**30
LIMIT_SECONDS = 8
N_CHILDREN = 2


@pytest.fixture(scope="module")
def corpus(shared, tmp_path_factory):
    """Return a function that unpacks a collection once."""

    def unpacked(name: str) -> Path:
        archive = shared / "corpora" / f"{name}.tar.xz"
        if not archive.is_file():
            pytest.skip(f"the collection {name} is not in ../shared/corpora")
        folder = tmp_path_factory.mktemp(name)
        with tarfile.open(archive) as file:
            file.extractall(folder, filter="data")
        return folder

    return unpacked


def test_csv_spectrum_is_read_as_its_json_says(corpus):
    folder = corpus("csv-spectrum")
    paths = sorted(folder.rglob("csvs/*.csv"))
    assert len(paths) == 12
    for path in paths:
        frame, *_ = parse_text(path.read_bytes())
        expected = json.loads(
            (path.parents[1] / "json" / f"{path.stem}.json").read_text("utf-8")
        )
        expected = [expected] if isinstance(expected, dict) else expected
        rows = [{k: v or "" for k, v in row.items()} for row in frame.to_dicts()]
        assert rows == _corrected(expected, path.stem), path.name


def _corrected(rows, name):
    """Correct the one JSON that is older than its CSV."""
    if name != "location_coordinates":
        return rows
    (row,) = rows
    assert row["Contact Phone Number"] == "1234567890"
    added = {"Cities": "Modesto", "Counties": "Stanislaus"}
    return [{**row, "Contact Phone Number": "2095257564", **added}]


CHILD = """
import json, resource, signal, sys
from pathlib import Path
from layerwise.errors import ReadError
from layerwise.table.delimited.text import parse_text

limit_bytes, seconds = int(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))

def ring(*_):
    raise TimeoutError(f"more than {seconds} seconds")

signal.signal(signal.SIGALRM, ring)
for line in sys.stdin:
    path = line.rstrip("\\n")
    raw = Path(path).read_bytes()
    signal.alarm(seconds)
    try:
        frame, notes, report = parse_text(raw)
        found = [frame.height, frame.width, *notes]
        assert (frame.height, frame.width) == (report.n_rows, report.n_columns)
    except ReadError as error:
        found = f"refused: {error}"
    except BaseException as error:
        found = f"FAILED: {error!r}"
    signal.alarm(0)
    print(json.dumps([path, found]), flush=True)
"""


def read_apart(paths, folder):
    """Read files in a few child processes whose memory is limited."""
    children = []
    for k in range(N_CHILDREN):
        names = folder / f"paths {k}"
        names.write_text("\n".join(map(str, paths[k::N_CHILDREN])))
        command = [sys.executable, "-c", CHILD, str(LIMIT_BYTES), str(LIMIT_SECONDS)]
        with names.open() as stdin, (folder / f"found {k}").open("w") as stdout:
            # Arenas and stacks of many threads would take most of the limit.
            few = {"MALLOC_ARENA_MAX": "2", "POLARS_MAX_THREADS": "2"}
            few |= {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ":".join(sys.path)}
            children.append(
                subprocess.Popen(command, stdin=stdin, stdout=stdout, env=few)
            )
    assert [child.wait() for child in children] == [0] * N_CHILDREN
    lines = [
        line
        for k in range(N_CHILDREN)
        for line in (folder / f"found {k}").read_text().splitlines()
    ]
    return dict(map(json.loads, lines))


def test_texts_of_duckdb_are_read_or_refused_with_a_reason(corpus, tmp_path):
    folder = corpus("duckdb-csv")
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in (".csv", ".tsv", ".txt")
    )
    paths = [path for path in paths if path.read_bytes()[:2] != b"\x1f\x8b"]
    assert len(paths) > 950
    found = read_apart(paths, tmp_path)
    assert len(found) == len(paths)
    assert {p: f for p, f in found.items() if str(f).startswith("FAILED")} == {}
    # Half of the collection are remains of fuzzing; of the other files only those
    # are refused that hold no rows, zero bytes, or rows that do not fit.
    refused = {
        Path(path).relative_to(folder): why
        for path, why in found.items()
        if isinstance(why, str)
    }
    whole = {
        path: why
        for path, why in refused.items()
        if not {"afl", "fuzzing"} & {*path.parts}
    }
    assert len(whole) < 90
    for path, why in whole.items():
        assert why.startswith(KNOWN_REASONS), (path, why)


def test_crash_inputs_of_arrow_are_read_or_refused(corpus, tmp_path):
    folder = corpus("arrow-testing-fuzz")
    paths = sorted(path for path in folder.rglob("csv/**/*") if path.is_file())
    assert len(paths) >= 7
    found = read_apart(paths, tmp_path)
    assert len(found) == len(paths)
    assert {p: f for p, f in found.items() if str(f).startswith("FAILED")} == {}


@pytest.mark.parametrize("quotes_all", [True, False])
def test_naughty_strings_as_names_and_values_are_read_back(corpus, quotes_all):
    (path,) = corpus("naughty-strings").rglob("blns.json")
    strings = json.loads(path.read_text("utf-8"))
    assert len(strings) > 500
    names = list(dict.fromkeys(string.strip() for string in strings if string.strip()))
    quoting = csv.QUOTE_ALL if quotes_all else csv.QUOTE_MINIMAL

    out = io.StringIO()
    csv.writer(out, quoting=quoting).writerows([names, range(len(names))])
    frame, notes, _ = parse_text(out.getvalue().encode())
    assert frame.columns == names
    assert frame.rows() == [tuple(map(str, range(len(names))))]
    assert notes == ()

    out = io.StringIO()
    rows = [["text", "n"], *([string, i] for i, string in enumerate(strings))]
    csv.writer(out, quoting=quoting).writerows(rows)
    frame, notes, _ = parse_text(out.getvalue().encode())
    assert frame.columns == ["text", "n"]
    assert frame["text"].to_list() == [string or None for string in strings]
    assert frame["n"].to_list() == [str(i) for i in range(len(strings))]
    assert notes == ()


KNOWN_REASONS = (
    "refused: it is empty.",
    "refused: it has a header but no rows.",
    "refused: it holds zero bytes",
    "refused: it holds every control character",
    'refused: a " opens in line',
    "refused: row ",
    "refused: a second table begins in line",
)
