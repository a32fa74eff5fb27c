"""Small real models of every kind, each with a table that it can read."""

from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np

import layerwise as lw
from layerwise.layers import Dropout, Linear, MemberLinear, NTPLinear, Scale
from layerwise.model import recipes
from layerwise.model.inputs import InputForm
from layerwise.network import CATALOG, Plan, Ready

N_ROWS = 120


def table(seed: int = 7, n: int = N_ROWS) -> dict[str, list[Any]]:
    """Make a table with every kind of column, missing cells and three targets."""
    rng = np.random.default_rng(seed)
    size, price = rng.normal(size=n), rng.uniform(1, 9000, size=n)
    days = np.datetime64("2024-01-28") + rng.integers(0, 90, size=n)
    shops = [f"shop {k}" for k in rng.integers(0, 20, size=n)]
    jobs = rng.choice(["cook", "clerk", "nun's aide"], size=n)
    score = size + (jobs == "cook") + price / 9000
    notes = [
        f"{job} of {shop}, since {day}"
        for job, shop, day in zip(jobs, shops, days, strict=True)
    ]
    return {
        "size": [None if i % 11 == 5 else f"{x:.3f}" for i, x in enumerate(size)],
        "price": [f"${x:,.2f}" for x in price],
        "sold": [str(day) for day in days],
        "paid": ["yes" if x > 4000 else "no" for x in price],
        "shop": [shop if i % 13 else None for i, shop in enumerate(shops)],
        "job": jobs.tolist(),
        "note": [None if i % 17 == 3 else note for i, note in enumerate(notes)],
        "number": [f"{x:.4f}" for x in score],
        "yes": ["deposit" if x > 0.8 else "no deposit" for x in score],
        "class": [("low", "middle", "high")[int(x > 0) + int(x > 1)] for x in score],
    }


FORMS = {
    "piecewise": InputForm("quantile", 0.0, 0.02, "piecewise", 6, "mixed", width=3),
    "codes": InputForm("robust", 3.0, encoding="piecewise-codes", n_bins=5),
    "pbld": InputForm("robust", 3.0, encoding="pbld", width=3),
    "plr": InputForm("standard", encoding="plr", width=2),
}
"""Encodings of numbers, a small model each."""

PLANS = {
    "tabm-mini": Plan(
        (MemberLinear(4, "relu", 3), Dropout(0.1), Linear(3)), 3, "signs"
    ),
    "realmlp": Plan(
        (Scale(), NTPLinear(4, "mish", parametric=True), Dropout(0.15)), is_ntp=True
    ),
}
"""In place of ready networks, a small one of the same kinds of layers each."""

TARGETS = {"regression": "number", "binary": "yes", "multiclass": "class"}
COLUMNS = ["size", "price", "sold", "paid", "shop", "job", "note"]


def real_models() -> dict[str, lw.Model]:
    """Train one small model of each kind."""
    whole = table()

    def train(task: str, features: list[str], **options: Any) -> lw.Model:
        return lw.train(whole, TARGETS[task], features=features, **options)

    def encoded(form: InputForm) -> lw.Model:
        with mock.patch.object(recipes, "ROBUST_FORM", form):
            return train("regression", ["size", "price"], layers="3 relu", epochs=2)

    def ready(name: str, task: str) -> lw.Model:
        small = {name: Ready(lambda *_: PLANS[name], "")}
        with mock.patch.dict(CATALOG, small):
            return train(task, COLUMNS, layers=name, epochs=2)

    def several(task: str) -> lw.Model:
        features = ["size", "price"]
        one, two = (
            train(task, features, layers=layers, epochs=2, refits=n)
            for layers, n in (("3 relu", 2), ("2 tanh, 2 tanh", 1))
        )
        heavy, light = replace(one.parts[0], weight=0.75), two.parts[0]
        return replace(one, parts=(heavy, replace(light, weight=0.25)))

    return {
        "line": train("regression", ["size", "price"], layers="linear"),
        "mixed": train(
            "binary", COLUMNS, layers="8 relu, dropout 0.1, 4 tanh", epochs=3
        ),
        "classes": train(
            "multiclass", ["size", "paid", "job"], layers="5 mish", epochs=3
        ),
        "both": train(
            "regression",
            ["price", "sold"],
            layers="4 silu",
            epochs=9,
            patience=0,
            learning_rate=1.0,
        ),
        "refits": train(
            "binary", ["size", "price"], layers="3 relu", epochs=3, refits=3
        ),
        "parts": several("regression"),
        **{name: encoded(form) for name, form in FORMS.items()},
        "members": ready("tabm-mini", "binary"),
        "fitted": ready("realmlp", "regression"),
    }
