"""The exact optimum: linear, logistic and softmax regression by layers.

The oracles are NumPy's least squares and scikit-learn's estimators with their
tolerances turned down. Ours is cost = mean loss + l1 sum|W| + l2/2 sum W^2 on
standardized columns (and a standardized number as target), so that

    LogisticRegression  C = 1 / (n l2)
    Ridge               alpha = n l2 / 2
    Lasso               alpha = l1 / 2
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler

import layerwise as lw
from layerwise.errors import DivergedError, ParameterError
from layerwise.losses import LOSSES
from layerwise.model import Model
from layerwise.table import split
from layerwise.training import Progress, Regime, lbfgs, precision, run_lbfgs

AGREE = 1e-4
"""What issue and textbook ask for; found are 1e-8 and better."""


# Two parameters.


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """Write 500 rows of y = 3 + 2x + noise."""
    draw = np.random.default_rng(0)
    x = draw.normal(10, 4, 500)
    path = tmp_path / "line.csv"
    pl.DataFrame({"x": x, "y": 3 + 2 * x + draw.normal(size=500)}).write_csv(path)
    return path


@pytest.mark.parametrize("valid_fraction", [None, 0])
def test_two_parameters_are_least_squares(
    line: Path, valid_fraction: int | None, command: Callable[..., Any]
) -> None:
    """On the training rows: all of them, or four fifths unless asked otherwise."""
    asked = [] if valid_fraction is None else ["--valid-fraction", valid_fraction]
    trained = ["train", line, "--target", "y", "--layers", "linear", "--json"]
    said = command(*trained, "--out", line.with_suffix(".safetensors"), *asked).json
    table = pl.read_csv(line)
    rows, _ = split(500, 0.2 if valid_fraction is None else 0.0, seed=0)
    A = np.stack([table["x"], np.ones(500)], 1)[rows]
    slope, bias = np.linalg.lstsq(A, table["y"].to_numpy()[rows])[0]
    assert said["n_parameters"] == 2
    assert said["n_train"] == len(rows) == (400 if valid_fraction is None else 500)
    assert said["equation"]["y"]["x"] == pytest.approx(slope, abs=AGREE)
    assert said["equation"]["y"]["b"] == pytest.approx(bias, abs=AGREE)


# scikit-learn's estimators.


def table_of(x: NDArray[Any], y: Any) -> pl.DataFrame:
    columns = {f"x{j}": x[:, j] for j in range(x.shape[1])}
    return pl.DataFrame(columns | {"y": y})


def linear(x: NDArray[Any], y: Any, **asked: Any) -> Model:
    """Train on all rows."""
    return lw.train(table_of(x, y), "y", layers="linear", valid_fraction=0, **asked)


def weights(model: Model) -> tuple[NDArray[Any], NDArray[Any]]:
    own = model.params["layers"][-2]
    return np.asarray(own["W"]), np.asarray(own["b"])


def test_logistic_regression() -> None:
    """569 rows, 30 columns that hang together, two classes."""
    x, y = load_breast_cancer(return_X_y=True)
    l2 = 0.01
    model = linear(x, np.array(["malignant", "benign"])[y], task="binary", l2=l2)
    assert model.target.classes == ("benign", "malignant")
    scaled = StandardScaler().fit_transform(x)
    oracle = LogisticRegression(C=1 / (len(y) * l2), tol=1e-10, max_iter=10_000)
    oracle.fit(scaled, 1 - y)
    W, b = weights(model)
    np.testing.assert_allclose(W[:, 0], oracle.coef_[0], atol=AGREE)
    np.testing.assert_allclose(b, oracle.intercept_, atol=AGREE)
    p = model.predict_proba(table_of(x, y))
    np.testing.assert_allclose(p, oracle.predict_proba(scaled), atol=AGREE)


@pytest.mark.parametrize("load", [load_wine, load_iris])
def test_softmax_regression(load: Callable[..., Any]) -> None:
    """Three classes. A shift of all three biases changes nothing, so it is left out."""
    x, y = load(return_X_y=True)
    l2 = 0.02
    model = linear(x, y, task="multiclass", l2=l2)
    assert model.target.classes == ("0", "1", "2")
    scaled = StandardScaler().fit_transform(x)
    oracle = LogisticRegression(C=1 / (len(y) * l2), tol=1e-10, max_iter=10_000)
    oracle.fit(scaled, y)
    W, b = weights(model)
    np.testing.assert_allclose(W.T, oracle.coef_, atol=AGREE)
    intercept = oracle.intercept_ - oracle.intercept_.mean()
    np.testing.assert_allclose(b - b.mean(), intercept, atol=AGREE)
    p = model.predict_proba(table_of(x, y))
    np.testing.assert_allclose(p, oracle.predict_proba(scaled), atol=AGREE)


def test_ridge_regression() -> None:
    x, y = load_diabetes(return_X_y=True)
    l2 = 0.05
    model = linear(x, y, l2=l2)
    scaled, spread = StandardScaler().fit_transform(x), y.std()
    oracle = Ridge(alpha=len(y) * l2 / 2).fit(scaled, (y - y.mean()) / spread)
    W, b = weights(model)
    np.testing.assert_allclose(W[:, 0], oracle.coef_, atol=AGREE)
    np.testing.assert_allclose(b, oracle.intercept_, atol=AGREE)
    predicted = y.mean() + spread * oracle.predict(scaled)
    np.testing.assert_allclose(model.predict(table_of(x, y)), predicted, rtol=AGREE)


def test_the_equation_is_least_squares_in_the_columns_units() -> None:
    x, y = load_diabetes(return_X_y=True, scaled=False)
    model = linear(x, y)
    A = np.hstack([x, np.ones((len(y), 1))])
    *slopes, bias = np.linalg.lstsq(A, y)[0]
    equation = model.equation()["y"]
    assert [equation[f"x{j}"] for j in range(10) if j != 1] == pytest.approx(
        [slope for j, slope in enumerate(slopes) if j != 1], abs=AGREE
    )
    np.testing.assert_allclose(model.predict(table_of(x, y)), A @ [*slopes, bias])


def test_the_lasso_and_its_zeros() -> None:
    x, y = load_diabetes(return_X_y=True)
    l1 = 0.1
    model = linear(x, y, l1=l1)
    scaled = StandardScaler().fit_transform(x)
    oracle = Lasso(alpha=l1 / 2, tol=1e-12, max_iter=100_000)
    oracle.fit(scaled, (y - y.mean()) / y.std())
    W, _ = weights(model)
    np.testing.assert_allclose(W[:, 0], oracle.coef_, atol=AGREE)
    assert np.array_equal(W[:, 0] == 0, oracle.coef_ == 0)
    assert 0 < (W == 0).sum() < len(W)


def test_huber_regression_is_led_less_by_wild_rows() -> None:
    """HuberRegressor finds its own scale; ours is the target's standard deviation.

    With that scale given, iteratively reweighted least squares is the oracle:
    a residual beyond 1 weighs 1/|r|.
    """
    draw = np.random.default_rng(0)
    x = draw.normal(size=(300, 1))
    y = 3 + 2 * x[:, 0] + 0.1 * draw.normal(size=300)
    y[:30] += 40 * x[:30, 0] ** 2
    A = np.hstack([x, np.ones((300, 1))])
    w = np.ones(300)
    for _ in range(200):
        slope, bias = np.linalg.lstsq(A * w[:, None] ** 0.5, y * w**0.5)[0]
        w = 1 / np.maximum(1, np.abs(y - A @ [slope, bias]) / y.std())
    equation = linear(x, y, loss="huber").equation()["y"]
    assert equation["x0"] == pytest.approx(slope, abs=AGREE)
    assert equation["b"] == pytest.approx(bias, abs=AGREE)
    squared = linear(x, y).equation()["y"]["x0"]
    assert abs(squared - 2) > 5 * abs(slope - 2)


# What else a search must do.


@pytest.fixture
def exact(regime: Callable[..., Regime]) -> Regime:
    """The regime of a search."""
    return regime(optimizer="lbfgs", epochs=1000, learning_rate=1.0)


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
@pytest.mark.parametrize("l1", [0.0, 0.05])
def test_no_step_in_any_direction_is_cheaper(
    problem: Callable[..., Any], exact: Regime, task: Any, l1: float
) -> None:
    """The gradient of the smooth part is l1 at most, and l1 where W is not 0."""
    one = problem(task, dtype=np.float64)
    regime = replace(exact, l1=l1, l2=0.1)
    with precision(np.float64):
        trained = run_lbfgs(one.network, regime, one.train, one.valid)

        def smooth(params: Any) -> Any:
            z = one.network.logits(params, one.train.x)
            loss = LOSSES[one.network.output.loss](z, one.train.y).mean()
            return loss + 0.05 * (params["layers"][1]["W"] ** 2).sum()

        slope = jax.jit(jax.grad(smooth))(trained.params)["layers"][1]
    W = trained.params["layers"][1]["W"]
    allowed = 1e-9 if l1 == 0 else 1e-6  # with l1 there is no polish by Newton steps
    np.testing.assert_allclose(slope["b"], 0, atol=allowed)
    on, off = W != 0, W == 0
    np.testing.assert_allclose(
        np.asarray(slope["W"])[on], -l1 * np.sign(W[on]), atol=allowed
    )
    assert (np.abs(slope["W"])[off] <= l1 + allowed).all()


def test_a_row_of_weight_2_is_the_row_twice(
    problem: Callable[..., Any], exact: Regime
) -> None:
    one = problem("binary", dtype=np.float64)
    regime = replace(exact, l2=0.01)
    repeats = np.tile([0, 1, 2, 3], 12)
    weighted = one.train._replace(weight=repeats / repeats.mean())
    repeated = jax.tree.map(lambda a: np.repeat(a, repeats, axis=0), one.train)
    with precision(np.float64):
        left, right = (
            run_lbfgs(one.network, regime, rows, None) for rows in (weighted, repeated)
        )
    jax.tree.map(
        lambda p, q: np.testing.assert_allclose(p, q, rtol=1e-9),
        left.params,
        right.params,
    )


def test_tables_of_about_one_size_share_one_program(
    problem: Callable[..., Any], exact: Regime, compiled: list[str]
) -> None:
    one = problem("binary", dtype=np.float64)
    with precision(np.float64):
        for n in (47, 46, 40):
            rows = jax.tree.map(lambda a, n=n: a[:n], one.train)
            trained = run_lbfgs(one.network, replace(exact, l2=0.01), rows, None)
            assert len(trained.history["train_loss"]) > 1
            if n == 47:
                compiled.clear()
    assert compiled == []


def interrupt(progress: Progress) -> bool:
    if progress.epoch == 3:
        raise KeyboardInterrupt
    return False


@pytest.mark.parametrize("stop", [lambda progress: progress.epoch == 3, interrupt])
def test_stopped_by_the_user_keeps_what_was_found(
    problem: Callable[..., Any], exact: Regime, stop: Callable[[Progress], bool]
) -> None:
    one = problem("binary", dtype=np.float64)
    with precision(np.float64):
        trained = run_lbfgs(one.network, exact, one.train, one.valid, stop)
    assert trained.history.stopped == "it was stopped by the user"
    assert len(trained.history.epochs) == 3
    W, b = (trained.params["layers"][1][name] for name in "Wb")
    z = (one.train.x["numbers"] @ W + b)[:, 0]
    loss = (np.logaddexp(0, z) - one.train.y * z).mean()
    assert trained.history["train_loss"][-1] == pytest.approx(loss, rel=1e-6)


@pytest.mark.filterwarnings("ignore:Column 'x1:layerwise.errors.LayerwiseWarning")
@pytest.mark.parametrize("most_dense", [1000, 0])
def test_columns_that_hang_together_take_few_steps(
    most_dense: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rare categories beside their own sums: a valley that L-BFGS walks for long."""
    draw = np.random.default_rng(0)
    ids = np.minimum(draw.geometric(0.2, 2000), 20)
    x = np.hstack(
        [np.eye(21)[ids][:, 1:], ids[:, None], draw.normal(size=(2000, 2)) * 1e3]
    )
    z = 0.1 * ids + x[:, -1] / 1e3
    y = np.where(draw.random(2000) < 1 / (1 + np.exp(-z)), "b", "a")
    monkeypatch.setattr(lbfgs, "MOST_DENSE", most_dense)
    model = linear(x, y)
    W, b = weights(model)
    unit = model.network.input.scaled(model.encode(table_of(x, y)).numbers)
    p = 1 / (1 + np.exp(-(unit @ W + b)[:, 0]))
    slope = (unit * (p - (y == "b"))[:, None]).mean(axis=0)
    assert np.abs(slope).max() < 1e-6
    if most_dense:
        assert len(model.history.epochs) < 80


def test_stopped_at_the_last_step_keeps_what_was_found(
    problem: Callable[..., Any], exact: Regime
) -> None:
    """The Newton steps come after scipy's search, and are watched as well."""
    one = problem("binary", dtype=np.float64)
    with precision(np.float64):
        whole = run_lbfgs(one.network, exact, one.train, one.valid)
        last = len(whole.history.epochs)
        trained = run_lbfgs(
            *(one.network, exact, one.train, one.valid),
            lambda progress: progress.epoch == last,
        )
    assert trained.history.stopped == "it was stopped by the user"
    assert len(trained.history.epochs) == last


def test_interrupted_before_the_first_step_is_no_model(
    problem: Callable[..., Any], exact: Regime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(lbfgs, "value_and_grad", interrupted)
    one = problem("binary", dtype=np.float64)
    with precision(np.float64), pytest.raises(KeyboardInterrupt):
        run_lbfgs(one.network, exact, one.train, one.valid)


def test_a_price_that_keeps_every_weight_at_zero_is_one_epoch() -> None:
    model = linear(np.linspace(-1, 1, 40)[:, None], np.linspace(0, 1, 40), l1=10.0)
    assert weights(model)[0].tolist() == [[0.0]]
    assert len(model.history.epochs) == 1


@pytest.mark.parametrize("poison", [np.nan, np.inf])
def test_a_cost_that_is_no_number_is_told(
    problem: Callable[..., Any], exact: Regime, poison: float
) -> None:
    one = problem(dtype=np.float64)
    one.train.y[7] = poison
    with precision(np.float64), pytest.raises(DivergedError) as caught:
        run_lbfgs(one.network, exact, one.train, one.valid)
    assert str(caught.value) == (
        "The cost became nan or infinite in linear 1. Look for very large numbers in "
        "the table, or set l2=0.001."
    )


def test_classes_that_a_line_parts_end_the_search_all_the_same() -> None:
    """Without l2 the lowest cost is infinitely far away; 0 is near enough."""
    x = np.linspace(-1, 1, 40)[:, None]
    model = linear(x, np.where(x[:, 0] > 0, "b", "a"))
    assert np.isfinite(weights(model)[0]).all()
    assert model.history.stopped == (
        "the classes are told apart: without l2 the weights only grow"
    )
    assert model.facts.valid["accuracy"] == 1.0


def test_a_loss_with_a_corner_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        linear(np.ones((9, 1)), np.arange(9.0), optimizer="lbfgs", loss="mae")
    assert str(caught.value) == (
        "The optimizer 'lbfgs' finds the one lowest cost of a network without hidden "
        "layers, and a loss without a corner. Use layers='linear' and another loss "
        "than 'absolute', or optimizer='adam'."
    )
