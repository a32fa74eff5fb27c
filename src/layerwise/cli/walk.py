"""layerwise walk: one row through every layer, with the numbers."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from layerwise.cli.drawings import decision_rule
from layerwise.cli.options import Json, Last, ModelFile, Sheet, Sql, TableFile
from layerwise.cli.render import console, drawing, heard, number, print_json, visible
from layerwise.errors import ParameterError
from layerwise.insight import Step, Sum, sum_of
from layerwise.layers import Input, LinearLayer, Members, Scale
from layerwise.model import Model, Unit, Walk, load
from layerwise.table import read
from layerwise.table.reading import count

__all__ = ["run"]

MOST_UNITS, MOST_NEURONS, MOST_TERMS, MOST_CLASSES = 4, 5, 12, 4
NEURON = re.compile(r"(?P<layer>\d+):(?:(?P<member>\d+):)?(?P<neuron>\d+)")

Row = Annotated[
    int, typer.Option(metavar="N", help="Which row, the first being row 0.")
]
Neuron = Annotated[
    str | None,
    typer.Option(
        metavar="LAYER:NEURON",
        help="Write out the sum of a neuron, such as 1:0 for the first of layer 1; of "
        "an ensemble LAYER:MEMBER:NEURON.",
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="COLUMN=VALUE",
        help="What if a cell were another? Walks the row as it is and as it would be; "
        "may be given again.",
    ),
]


def run(
    model: ModelFile,
    table: TableFile,
    row: Row = 0,
    neuron: Neuron = None,
    set: Set = None,
    last: Last = False,
    sql: Sql = None,
    sheet: Sheet = None,
    json: Json = False,
) -> None:
    """Walks the first network of the model; the answer is that of all of them."""
    fitted = load(model).last if last else load(model)
    rows = read(table, sql=sql, sheet=sheet)
    cells = _cells(set or [])
    with heard():
        walks = [fitted.walk(rows, row)]
        if cells:
            walks.append(fitted.walk(rows, row, cells))
    if neuron is None and fitted.network.depth == 0 and fitted.task != "multiclass":
        neuron = "1:0"  # all there is
    sums = []
    if neuron is not None:
        sums = [_written(fitted, walk, neuron) for walk in walks]
    if json:
        print_json(_plain(fitted, walks, sums))
    else:
        _print(fitted, walks, sums, Path(table).name)


def _cells(texts: Sequence[str]) -> dict[str, str]:
    """Read the cells that are to be changed.

    Example:
        >>> _cells(["age=40", "job = nurse"])
        {'age': '40', 'job': 'nurse'}
    """
    pairs = [text.partition("=") for text in texts]
    for text, (name, sign, _) in zip(texts, pairs, strict=True):
        if not (sign and name.strip()):
            raise ParameterError(
                f"--set is a column and what its cell is to be, such as age=40. Got "
                f"{text!r} instead."
            )
    return {name.strip(): text.strip() for name, _, text in pairs}


@dataclass(frozen=True)
class _Written:
    """The sum behind a neuron, and what its terms are called.

    Args:
        own: The sum.
        terms: What comes in: units of the input layer, or neurons.
        formulas: What a unit is in the table's own units, where it is that simple.
        x: What comes in is called: "x r" where a member has weighed it before.
    """

    own: Sum
    terms: list[str]
    formulas: dict[str, str]
    x: str = "x"


def _written(model: Model, walk: Walk, neuron: str) -> _Written:
    found = NEURON.fullmatch(neuron.strip())
    if found is None:
        raise ParameterError(
            "--neuron is a layer's number and a neuron's, such as 1:0, or of an "
            f"ensemble a member's between them. Got {neuron!r} instead."
        )
    which, member, l = (found[name] for name in ("neuron", "member", "layer"))
    layer, network = int(l), model.network
    i = None if member is None else int(member)
    own = sum_of(network, model.params, walk.layers, layer, int(which), i)
    before = network.layers[1:layer]
    if any(isinstance(one, LinearLayer) for one in before):
        return _Written(own, [f"neuron {i}" for i in range(len(own.x))], {})
    is_weighed = any(isinstance(one, Members | Scale) for one in before)
    is_plain = not (is_weighed or network.input.smooth_clip)
    formulas = _formulas(network.input, walk.units) if is_plain else {}
    names = [unit.name for unit in walk.units]
    return _Written(own, names, formulas, "x r" if is_weighed else "x")


def _plain(model: Model, walks: list[Walk], sums: list[_Written]) -> dict[str, Any]:
    first, *changed = [_plain_walk(walk) for walk in walks]
    plain = {**first, "n_networks": model.n_networks}
    if sums:
        plain["neuron"] = _plain_sum(sums[0])
    if changed:
        plain["changed"] = changed[0]
        if sums:
            plain["changed"]["neuron"] = _plain_sum(sums[1])
    return plain


def _plain_walk(walk: Walk) -> dict[str, Any]:
    return {
        "row": walk.row,
        "units": [
            {"name": unit.name, "raw": unit.raw, "value": unit.value}
            for unit in walk.units
        ],
        "layers": [
            {
                "name": step.name,
                "z": None if step.z is None else step.z.tolist(),
                "a": step.a.tolist(),
            }
            for step in walk.layers
        ],
        "own_prediction": walk.own,
        "prediction": walk.prediction,
        "p": walk.p,
    }


def _plain_sum(written: _Written) -> dict[str, Any]:
    own = written.own
    products = own.products.tolist()
    terms = zip(written.terms, own.x.tolist(), own.w.tolist(), products, strict=True)
    return {
        "terms": [
            {"name": name, "x": x, "w": w, "product": product}
            for name, x, w, product in terms
        ],
        "b": own.b,
        "z": own.z,
        "a": own.a,
    }


def _print(model: Model, walks: list[Walk], sums: list[_Written], file: str) -> None:
    out, walk = console(), walks[0]
    first = f", through the first of {model.n_networks} networks"
    more = first if model.n_networks > 1 else ", through the network"
    out.print(visible(f"Row {walk.row} of {file}{more}."))
    out.print()
    out.print(_units_table(model, walks))
    out.print()
    out.print(_layers_table(walks))
    for written in sums:
        out.print()
        out.print(_sum_table(written))
    out.print()
    for line in _answer(model, walks):
        out.print(visible(line))


def _units_table(model: Model, walks: list[Walk]) -> Table:
    """Draw the cells of each column, and the units that they make."""
    table = drawing()
    table.add_column("column", overflow="fold")
    for title in ("cell", "changed to")[: len(walks)]:
        table.add_column(title, max_width=30, overflow="fold")
    for title in ("units", "units then")[: len(walks)]:
        table.add_column(title, overflow="fold")
    columns = [_by_column(walk.units) for walk in walks]
    formulas = _formulas(model.network.input, walks[0].units)
    unchanged = 0
    for each in zip(*columns, strict=True):
        name = each[0][0]
        if len(walks) > 1 and each[0] == each[1]:
            unchanged += 1
            continue
        cells = [visible(units[0].raw or "-") for _, units in each]
        bound = model.network.input.smooth_clip
        made = (_said(units, formulas, bound) for _, units in each)
        table.add_row(visible(name), *cells, *made)
    if unchanged:
        table.add_row(f"{count(unchanged, 'column')} unchanged", style="dim")
    return table


def _formulas(inputs: Input, units: Sequence[Unit]) -> dict[str, str]:
    """Write what becomes of a number, where it is scaled by two constants alone."""
    if inputs.encoding or inputs.quantiles:
        return {}
    constants = zip(units, inputs.center, inputs.scale, strict=False)
    return {
        unit.name: f"({unit.name} {_minus(center)}) / {number(scale)}"
        for unit, center, scale in constants
    }


def _minus(center: float) -> str:
    """Write what is taken away.

    Example:
        >>> _minus(2.5), _minus(-2.5)
        ('- 2.500', '+ 2.500')
    """
    return f"{'+' if center < 0 else '-'} {number(abs(center))}"


def _by_column(units: Sequence[Unit]) -> list[tuple[str, list[Unit]]]:
    """Put the units of a column together, the columns in the order of their first."""
    order = {unit.column: i for i, unit in reversed(list(enumerate(units)))}
    together = sorted(units, key=lambda unit: order[unit.column])
    groups = groupby(together, key=lambda unit: unit.column)
    return [(name, list(group)) for name, group in groups]


def _said(units: Sequence[Unit], formulas: Mapping[str, str], bound: float) -> str:
    """Write the units of a column; of many those that are not 0, and a few of them."""
    if len(units) == 1:
        formula = formulas.get(units[0].name)
        u = units[0].value
        if formula is None or abs(u) >= bound > 0:
            return number(u)
        if not bound:
            return visible(f"{formula} = {number(u)}")
        s = u / math.sqrt(1 - (u / bound) ** 2)  # u = s / sqrt(1 + (s / bound)^2)
        return visible(f"{formula} = {number(s)}, bent to {number(u)}")
    shown = [unit for unit in units if unit.value] or list(units[:1])
    name = len(shown[0].column)
    texts = [
        f"{visible(unit.name[name:].strip() or unit.name)} {number(unit.value, 3)}"
        for unit in shown[:MOST_UNITS]
    ]
    more = len(units) - len(texts)
    rest = (
        f", {more} more" if len(shown) > MOST_UNITS else f", {more} at 0" * bool(more)
    )
    return ", ".join(texts) + rest


def _layers_table(walks: list[Walk]) -> Table:
    """Draw what each layer makes of the row."""
    table = drawing()
    table.add_column("layer", overflow="fold")
    for title in ("what it makes of the row", "then")[: len(walks)]:
        table.add_column(title, overflow="fold")
    for steps in zip(*(walk.layers for walk in walks), strict=True):
        table.add_row(steps[0].name, *map(_made, steps))
    return table


def _made(step: Step) -> str:
    """Say how many neurons are excited, and by how much the strongest."""
    a = step.a
    least, most = number(float(a.min())), number(float(a.max()))
    if step.z is not None and a.size <= MOST_NEURONS:
        pairs = zip(step.z.ravel().tolist(), a.ravel().tolist(), strict=True)
        return "; ".join(f"z {number(z)}, a {number(own)}" for z, own in pairs)
    if a.size == 1:
        return least
    if step.z is None or bool((a > 0).all()):
        return f"{_size(a.shape)} numbers, from {least} to {most}"
    strongest = a.ravel().argsort()[::-1][:MOST_NEURONS]
    shown = ", ".join(
        f"{_place(int(i), a.shape)} {number(float(a.ravel()[i]), 3)}" for i in strongest
    )
    excited = int((a > 0).sum())
    return f"{excited:,} of {_size(a.shape)} neurons above 0; most: {shown}"


def _size(shape: Sequence[int]) -> str:
    return " x ".join(f"{n:,}" for n in shape)


def _place(i: int, shape: Sequence[int]) -> str:
    """Write which neuron this is, as --neuron takes it behind the layer."""
    return f"{i // shape[1]}:{i % shape[1]}" if len(shape) > 1 else f"{i}"


def _sum_table(written: _Written) -> Table:
    """Draw the sum behind a neuron, the largest products first."""
    own, x = written.own, written.x
    table = drawing()
    table.add_column("z is the sum of", overflow="fold")
    for title in (x, "w", f"{x} w"):
        table.add_column(title, justify="right")
    order = abs(own.products).argsort(kind="stable")[::-1]
    for i in order[:MOST_TERMS]:
        cells = (number(float(v[i])) for v in (own.x, own.w, own.products))
        name = written.terms[i]
        table.add_row(visible(written.formulas.get(name, name)), *cells)
    if rest := order[MOST_TERMS:].tolist():
        total = number(float(own.products[rest].sum()))
        table.add_row(f"{len(rest):,} more, together", "", "", total)
    table.add_row("b", "", "", number(own.b))
    table.add_row("z", "", "", number(own.z), style="bold")
    table.add_row("a", "", "", number(own.a), style="bold")
    return table


def _answer(model: Model, walks: list[Walk]) -> Iterator[str]:
    """Say what is predicted, and how the decision is made."""
    for walk, when in zip(walks, ("", "Changed: "), strict=False):
        if walk.p is None:
            said = f"{number(float(walk.prediction), 6)}"
            own = number(float(walk.own), 6)
        else:
            which = walk.prediction
            if model.task == "binary":  # the rule asks for the second class
                which = model.target.classes[1]
            said = f"{walk.prediction!r}, p = {number(walk.p[which])} of {which!r}"
            others = [(p, name) for name, p in walk.p.items() if name != which]
            if model.task == "multiclass":
                likely = sorted(others, reverse=True)[:MOST_CLASSES]
                said += "".join(f", {number(p, 3)} of {name!r}" for p, name in likely)
            own = repr(walk.own)
        alone = f"; this network alone says {own}" if model.n_networks > 1 else ""
        yield f"{when}Predicted {model.target.name!r}: {said}{alone}."
    yield f"Decision rule: {decision_rule(model)}."
