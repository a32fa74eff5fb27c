"""The same run gives the same model; the same row gives the same prediction."""

import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest
from small_models import COLUMNS, TARGETS, table

import layerwise as lw
from layerwise.layers import (
    CategoryUnits,
    Input,
    Linear,
    MemberLinear,
    NTPLinear,
    Output,
    Pbld,
    Piecewise,
    Plr,
    Scale,
    TextUnits,
)
from layerwise.model.predict import forward_rows
from layerwise.network import CATALOG, Plan, assemble, plan_of

# the rows to predict hold categories that training did not show, and that is said
pytestmark = pytest.mark.filterwarnings("ignore::layerwise.LayerwiseWarning")

TRAIN = """
import sys
import layerwise as lw
sys.path.insert(0, sys.argv[1])
from small_models import COLUMNS, TARGETS, table
for layers in sys.argv[3:]:
    for task, target in TARGETS.items():
        asked = {} if layers == "linear" else {"epochs": 2}
        model = lw.train(
            table(), target, features=COLUMNS, layers=layers, seed=3, **asked
        )
        model.save(f"{sys.argv[2]}/{layers}-{task}.safetensors")
"""


@pytest.mark.slow  # each process compiles every network for every task
def test_two_processes_write_the_same_bytes(tmp_path):
    here = Path(__file__).parent
    folders = [tmp_path / "first", tmp_path / "second"]
    running = []
    for folder in folders:
        folder.mkdir()
        command = [sys.executable, "-c", TRAIN, here, folder, *CATALOG]
        running.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
    for process in running:
        errors = process.communicate()[1]
        assert process.returncode == 0, errors[-2000:]
    first, second = ({p.name: p.read_bytes() for p in f.iterdir()} for f in folders)
    assert len(first) == len(CATALOG) * len(TARGETS)
    assert {name for name in first if first[name] != second[name]} == set()


KINDS = ["line", "mixed", "classes", "both", "members", "fitted"]
READY = {"realmlp": "number", "tabm-mini": "class", "strong": "yes"}
"""Ready networks as they are, each for another target."""


@pytest.mark.parametrize("kind", [*KINDS, *READY])
def test_a_saved_model_predicts_the_same_bits(models, kind, tmp_path):
    path = tmp_path / "model.safetensors"
    if kind in READY:
        model = lw.train(
            table(), READY[kind], features=COLUMNS, layers=kind, epochs=2, seed=3
        )
    else:
        model = models[kind]
    model.save(path)
    loaded = lw.load(path)
    rows = table(seed=9)
    assert loaded.forward(loaded.encode(rows)).tobytes() == (
        model.forward(model.encode(rows)).tobytes()
    )
    assert loaded.predictions(rows).equals(model.predictions(rows))
    assert loaded.history == model.history
    assert loaded.facts == model.facts
    assert loaded.schema == model.schema
    assert loaded.target == model.target
    loaded.save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == path.read_bytes()


def network(p, text, task, k=2, categories=(), flags=(), texts=(), encoding=None):
    bound = 0.0 if text == "linear" else 3.0
    inputs = Input(
        (0.5,) * p, (1.3,) * p, flags, categories, texts, bound, encoding=encoding
    )
    plan = text if isinstance(text, Plan) else plan_of(text, task)
    return assemble(inputs, plan, Output(task, ""), k)


ONE_HOT, EMBEDDED = CategoryUnits(5), CategoryUnits(30, 8)
BINS = ((-1.0, -0.2, 0.0, 0.7, 2.0), (-1.0, 0.5), (0.0, 0.1, 0.2))
MEMBERS = Plan(
    (MemberLinear(33, "relu", 5), Linear(24, "tanh"), MemberLinear(7, "gelu", 5)), 5
)
NTP = Plan((Scale(), *[NTPLinear(65, "selu", parametric=True)] * 2), is_ntp=True)

NETWORKS = {
    "two of 64": network(20, "64 relu, 64 relu", "binary"),
    "wide": network(20, "512 relu, 512 relu, 512 relu", "binary"),
    "odd widths": network(5, "7 tanh, 33 gelu", "multiclass", 3),
    "odd, one number": network(33, "33 selu, 7 mish", "regression"),
    "one unit": network(1, "128 relu", "binary"),
    "many units": network(1_000, "16 relu", "regression"),
    "many classes": network(9, "16 silu", "multiclass", 300),
    "embeddings": network(
        3, "64 sigmoid", "multiclass", 7, (EMBEDDED, ONE_HOT), (0, 2)
    ),
    "texts": network(
        3, "24 mish", "binary", texts=(TextUnits(32, True), TextUnits(32))
    ),
    "members, piecewise": network(
        3, MEMBERS, "multiclass", 4, (EMBEDDED,), (1,), encoding=Piecewise(BINS, 5)
    ),
    "members, codes": network(3, MEMBERS, "binary", encoding=Piecewise(BINS, 0)),
    "shared by members": network(9, "strong", "binary", encoding=Plr(7, 3)),
    "ntp, waves": network(6, NTP, "regression", categories=(ONE_HOT,), encoding=Pbld()),
    "linear regression": network(13, "linear", "regression"),
    "linear softmax": network(13, "linear", "multiclass", 5),
}


def examples(network, n):
    """Make rows and parameters: float64 for linear networks, as training does."""
    rng = np.random.default_rng(4)
    params = jax.tree.map(np.asarray, network.init(jax.random.key(1)))
    if network.depth == 0:
        params = jax.tree.map(lambda a: rng.normal(size=a.shape), params)
    else:  # what starts at 0 or 1 has learned something
        params = jax.tree.map(
            lambda a: a + 0.1 * rng.normal(size=a.shape).astype(np.float32), params
        )
    numbers = rng.normal(size=(n, network.input.n_numbers))
    numbers[rng.random(numbers.shape) < 0.05] = np.nan
    n_ids = len(network.input.categories)
    ids = rng.integers(0, 6, size=(n, n_ids)).astype(np.int32)
    texts = rng.normal(size=(n, sum(text.width for text in network.input.texts)))
    texts = texts.astype(np.float32)
    return params, {"numbers": numbers, "categories": ids, "texts": texts}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_row_is_predicted_the_same_in_any_company(name):
    network, rng = NETWORKS[name], np.random.default_rng(5)
    params, x = examples(network, n=700)

    def forward(rows):
        return forward_rows(network, [params], {key: x[key][rows] for key in x})

    whole = forward(slice(None))
    for size in range(1, 334):
        rows = rng.permutation(700)[:size]
        assert forward(rows).tobytes() == whole[rows].tobytes(), size
    for row in range(0, 333):
        assert forward([row]).tobytes() == whole[[row]].tobytes(), row
    rows = rng.integers(0, 700, size=9_000)  # more than one chunk of tiles
    assert forward(rows).tobytes() == whole[rows].tobytes()


@pytest.mark.parametrize("kind", ["mixed", "members"])
def test_a_row_of_a_table_is_predicted_the_same_alone(models, kind):
    whole, model = table(seed=9), models[kind]
    together = model.predict_proba(whole)
    for row in range(40):
        alone = {name: whole[name][row : row + 1] for name in COLUMNS}
        assert model.predict_proba(alone).tobytes() == together[[row]].tobytes()
