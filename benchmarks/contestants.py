"""One timed run of one library, in a process of its own.

    python benchmarks/contestants.py TASK LIBRARY CONFIG   -> one JSON line

TASK is train, predict or matmul. Every library gets the same rows, the same
layers, batches, epochs and optimizer, and two threads. Imports are not timed;
a compiled program that is taken from the cache on disk is.
"""

import os

THREADS = "2"
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = THREADS

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

CONFIGS: dict[str, dict[str, Any]] = {
    "two of 64, batch 32": {
        "widths": (64, 64),
        "batch_size": 32,
        "epochs": 40,
        "learning_rate": 0.001,
    },
    "two of 64, batch 256": {
        "widths": (64, 64),
        "batch_size": 256,
        "epochs": 100,
        "learning_rate": 0.001,
    },
    "three of 512, batch 1024": {
        "widths": (512, 512, 512),
        "batch_size": 1024,
        "epochs": 40,
        "learning_rate": 0.00005,  # above it, each library overfits in its own way
    },
}


def rows(n: int, dtype: str = "float32") -> tuple[Any, Any]:
    """Make n rows of 20 numbers, and classes with noise that no network can learn."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 20))
    score = X[:, :10] @ rng.normal(size=10) + X[:, 10] * X[:, 11] + np.abs(X[:, 12])
    y = (score + 2 * rng.normal(size=n) > 0.8).astype(int)
    return X.astype(dtype), y


def log_loss(p: Any, y: Any) -> float:
    """Return the mean binary cross-entropy."""
    p = np.clip(p.astype(np.float64), 1e-7, 1 - 1e-7)
    return float(-np.mean(np.where(y == 1, np.log(p), np.log(1 - p))))


def layerwise_model(config: dict[str, Any]) -> Any:
    """Return layerwise's estimator with the network of a configuration."""
    from layerwise import NetworkClassifier

    return NetworkClassifier(
        layers=", ".join(f"{width} relu" for width in config["widths"]),
        batch_size=config["batch_size"],
        epochs=config["epochs"],
        optimizer="adam",
        learning_rate=config["learning_rate"],
        schedule="constant",
        patience=0,
        valid_fraction=0,
        random_state=0,
    )


def sklearn_model(config: dict[str, Any]) -> Any:
    """Return scikit-learn's estimator with the same network."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore", ConvergenceWarning)
    return MLPClassifier(
        config["widths"],
        batch_size=config["batch_size"],
        max_iter=config["epochs"],
        solver="adam",
        learning_rate_init=config["learning_rate"],
        alpha=0,
        tol=0,
        n_iter_no_change=config["epochs"] + 1,
        random_state=0,
    )


def train_torch(config: dict[str, Any], X: Any, y: Any) -> tuple[float, float]:
    """Train the same network in PyTorch's usual loop; return seconds and loss."""
    import torch

    torch.set_num_threads(int(THREADS))
    torch.manual_seed(0)
    x, t = torch.from_numpy(X), torch.from_numpy(y.astype(np.float32))
    began = time.perf_counter()
    sizes = [X.shape[1], *config["widths"]]
    layers: list[Any] = []
    for d_in, d_out in zip(sizes, sizes[1:], strict=False):
        layers += [torch.nn.Linear(d_in, d_out), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-1], 1))
    optimizer = torch.optim.Adam(network.parameters(), lr=config["learning_rate"])
    loss_of = torch.nn.BCEWithLogitsLoss()
    for _ in range(config["epochs"]):
        order = torch.randperm(len(x))
        for batch in order.split(config["batch_size"]):
            optimizer.zero_grad()
            loss = loss_of(network(x[batch])[:, 0], t[batch])
            loss.backward()
            optimizer.step()
    seconds = time.perf_counter() - began
    with torch.no_grad():
        p = torch.sigmoid(network(x)[:, 0]).numpy()
    return seconds, log_loss(p, y)


def train(library: str, name: str) -> dict[str, float]:
    """Time one training."""
    config = CONFIGS[name]
    X, y = rows(20_000)
    if library == "torch":
        seconds, loss = train_torch(config, X, y)
        return {"seconds": seconds, "loss": loss}
    model = {"layerwise": layerwise_model, "sklearn": sklearn_model}[library](config)
    began = time.perf_counter()
    model.fit(X, y)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "loss": log_loss(model.predict_proba(X)[:, 1], y)}


def predict(library: str, dtype: str) -> dict[str, float]:
    """Time the prediction of a million rows; the median of five."""
    config = CONFIGS["two of 64, batch 256"] | {"epochs": 1}
    X, y = rows(1_000_000, dtype)
    model = {"layerwise": layerwise_model, "sklearn": sklearn_model}[library](config)
    model.fit(X[:20_000], y[:20_000])
    model.predict_proba(X[:20_000])
    times = []
    for _ in range(5):
        began = time.perf_counter()
        model.predict_proba(X)
        times.append(time.perf_counter() - began)
    return {"seconds": float(np.median(times))}


def matmul(library: str, name: str) -> dict[str, float]:
    """Measure the machine's own float32 matrix product, flops a second.

    Over a few seconds, as long as a training takes: a shared machine is now faster,
    now slower. Of random numbers: multiplying ones heats a processor less.
    """
    rng = np.random.default_rng(0)
    a = rng.normal(size=(1024, 512)).astype(np.float32)
    b = rng.normal(size=(512, 512)).astype(np.float32)
    product = np.matmul
    if library == "jax":
        import jax

        a, b = jax.device_put(a), jax.device_put(b)
        compiled = jax.jit(lambda a, b: a @ b)
        product = lambda a, b: compiled(a, b).block_until_ready()  # noqa: E731
    for _ in range(20):
        product(a, b)
    n, began = 0, time.perf_counter()
    while time.perf_counter() - began < 4:
        product(a, b)
        n += 1
    return {"flops": n * 2 * 1024 * 512 * 512 / (time.perf_counter() - began)}


if __name__ == "__main__":
    task, library, name = sys.argv[1:]
    print(json.dumps(globals()[task](library, name)))
