"""Write the parts of the pages that the program itself knows best.

    make docs

docs/cli.md is written whole. In the other pages, what stands between
``<!-- generated: NAME -->`` and ``<!-- end -->`` is replaced. A test compares
the pages with what this would write.
"""

import ast
import inspect
import os
import re
from collections.abc import Callable
from pathlib import Path

os.environ["COLUMNS"] = "80"

import pdoc

import layerwise as lw
from layerwise import errors
from layerwise.cli.main import COMMANDS, command_named, help_text
from layerwise.layers import (
    ACTIVATIONS,
    Dropout,
    Layer,
    LinearLayer,
    NTPLinear,
    Scale,
)
from layerwise.losses import LOSSES
from layerwise.model import Settings
from layerwise.model.inputs import InputForm
from layerwise.model.recipes import recipe_of
from layerwise.network import CATALOG, Plan
from layerwise.network.catalog import USUAL_ROWS
from layerwise.training import OPTIMIZERS, SCHEDULES

DOCS = Path(__file__).parent
ROOMS = (
    *("", ".errors", ".table", ".layers", ".losses", ".network", ".training"),
    *(".model", ".estimators"),
)
PART = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(header: list[str], rows: list[list[str]]) -> str:
    """Write a table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def first_line(thing: object) -> str:
    """Return the summary of a docstring, without the word that all begin with."""
    line = (inspect.getdoc(thing) or "").partition("\n")[0].replace("|", r"\|")
    line = line.removeprefix("Return ")
    # a word begins with a capital, a formula keeps its letters: y log(p), r^2/2
    is_word = re.match(r"(a|[a-z]{2,})\b(?![(^*/+=])", line)
    return line[:1].upper() + line[1:] if is_word else line


def activations() -> str:
    """Write the activations with the size of the first weights before them."""
    kinds = {"he": "He", "glorot": "Glorot", "lecun": "LeCun"}
    return table(
        ["activation", "first weights", "source"],
        [[f"`{name}`", kinds[a.init], a.source] for name, a in ACTIVATIONS.items()],
    )


def catalog() -> str:
    """Write the ready networks, with their hidden layers for two classes."""
    rows = []
    for name, ready in CATALOG.items():
        plan = ready.plan("binary", USUAL_ROWS)
        rows.append([f"`{name}`", hidden(plan), ready.about])
    return table(["name", "hidden layers", "what it is"], rows)


def hidden(plan: Plan) -> str:
    """Write hidden layers in words, a block that repeats once."""
    words = [word(layer) for layer in plan.hidden]
    before = words[:1] if isinstance(next(iter(plan.hidden), None), Scale) else []
    block = words[len(before) :]
    for size in range(2, len(block) // 2 + 1):
        times = len(block) // size
        if block == block[:size] * times:
            block = [f"{times} x ({', '.join(block[:size])})"]
            break
    of = f"{plan.members} members: " if plan.members else ""
    return f"`{of}{', '.join(before + block)}`" if words else "none"


def word(layer: Layer) -> str:
    """Write a hidden layer in few words."""
    if isinstance(layer, LinearLayer):
        kind = "ntp " if isinstance(layer, NTPLinear) else ""
        return f"{kind}{layer.width} {layer.activation}"
    return f"dropout {layer.drop_rate:g}" if isinstance(layer, Dropout) else layer.kind


def recipes() -> str:
    """Write what ready networks bring, for two classes and the usual rows."""
    header = ["name", "each number", "optimizer", "epochs", "best epoch by"]
    rows = []
    for name, ready in CATALOG.items():
        plan = ready.plan("binary", USUAL_ROWS)
        recipe = recipe_of(name, "binary", USUAL_ROWS)
        regime = Settings(layers=name).regime(
            USUAL_ROWS, plan.depth, "", plan.is_random, recipe.regime
        )
        own = [f"{regime.learning_rate:g}", f"`{regime.schedule}`"]
        if regime.weight_decay:
            own.append(f"weight decay {regime.weight_decay:g}")
        if regime.clip_norm:
            own.append(f"gradients up to {regime.clip_norm:g}")
        exact = regime.optimizer == "lbfgs"
        waits = f", patience {regime.patience}" if regime.patience else ""
        epochs = f"up to {regime.epochs:,}{waits}" if exact or waits else regime.epochs
        rows.append(
            [
                f"`{name}`",
                shown(recipe.form),
                ", ".join([f"`{regime.optimizer}`", *([] if exact else own)]),
                str(epochs),
                "-" if exact else regime.best_by,
            ]
        )
    return table(header, rows)


def shown(form: InputForm) -> str:
    """Write what becomes of a number in few words."""
    scaling = {
        "standard": "mean and standard deviation",
        "robust": "median and quartiles",
        "quantile": "place in a normal distribution",
    }[form.scaling]
    if form.smooth_clip:
        scaling += ", bent"
    if form.encoding == "none":
        return scaling
    bins = f", {form.n_bins} bins" if form.encoding.startswith("piecewise") else ""
    units = "" if form.encoding == "piecewise-codes" else f", {form.width} units"
    return f"{scaling}; {form.encoding}{bins}{units}"


def losses() -> str:
    """Write the losses with the targets that they fit."""
    return table(
        ["loss", "compares", "of one row"],
        [
            [f"`{name}`", loss.takes, first_line(loss.function)]
            for name, loss in LOSSES.items()
        ],
    )


def optimizers() -> str:
    """Write the optimizers with their usual learning rate."""
    rows = [
        [f"`{name}`", f"{one.learning_rate:g}", one.source]
        for name, one in OPTIMIZERS.items()
    ]
    exact = "the lowest cost of a network without hidden layers, see below"
    return table(
        ["optimizer", "learning rate", "source"], [*rows, ["`lbfgs`", "-", exact]]
    )


def schedules() -> str:
    """Write the schedules of the learning rate."""
    return table(
        ["schedule", "factor"],
        [[f"`{name}`", first_line(one)] for name, one in SCHEDULES.items()],
    )


def options() -> str:
    """Write the options of train, which are parameters of the estimators too."""
    command = command_named("train")
    rows = []
    for param in command.params:
        if param.name in ("table", "help", "json"):
            continue
        default = (
            "" if param.default is None or param.required else f"`{param.default}`"
        )
        rows.append([f"`{param.name}`", default, str(param.help).replace("|", r"\|")])
    return table(["option", "default", "what it is"], rows)


def signature() -> str:
    """Write how train is called, from its source: a line for each parameter."""
    (function,) = ast.parse(inspect.getsource(lw.train)).body
    arguments = function.args  # type: ignore[attr-defined]
    lines = [f"{arg.arg}: {ast.unparse(arg.annotation)}" for arg in arguments.args]
    lines.append("*")
    for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        annotation = ast.unparse(arg.annotation)
        lines.append(f"{arg.arg}: {annotation} = {ast.unparse(default)}")
    body = "".join(f"    {line},\n" for line in lines)
    return f"```text\ntrain(\n{body})\n```\n"


def members(owner: type) -> Callable[[], str]:
    """Write the public attributes, properties and methods of a class."""

    def write() -> str:
        doc = inspect.cleandoc(owner.__doc__ or "")
        section = doc.partition("Args:\n")[2].partition("\n\n")[0]
        entries = re.split(r"^    (?=\w+:)", section, flags=re.MULTILINE)[1:]
        rows = []
        for entry in entries:
            name, _, text = " ".join(entry.split()).partition(": ")
            rows.append([f"`{name}`", text])
        attributes = {name.strip("`") for name, _ in rows}
        for name, member in sorted(vars(owner).items()):
            if name.startswith("_") or name in attributes:
                continue
            if callable(member) or isinstance(member, property):
                rows.append([f"`{name}`", first_line(member)])
        return table([f"of a `{owner.__name__}`", "what it is, or returns"], rows)

    return write


def error_tree() -> str:
    """Write the tree that stands at the top of errors.py."""
    tree = (errors.__doc__ or "").partition("    LayerwiseError\n")
    return f"```text\nLayerwiseError\n{inspect.cleandoc(tree[2])}\n```\n"


PARTS: dict[str, Callable[[], str]] = {
    "activations": activations,
    "catalog": catalog,
    "errors": error_tree,
    "losses": losses,
    "members-model": members(lw.Model),
    "optimizers": optimizers,
    "options": options,
    "recipes": recipes,
    "schedules": schedules,
    "signature": signature,
}


def cli() -> str:
    """Write what every command says of itself."""
    pages = [
        "# The commands\n",
        "This page is what `layerwise --help` and `layerwise COMMAND --help` print; "
        "`make docs` writes it.\n",
        f"```text\n{help_text()}```\n",
    ]
    for name in COMMANDS:
        with command_named(name).make_context(
            f"layerwise {name}", [], resilient_parsing=True, terminal_width=80
        ) as context:
            text = command_named(name).get_help(context)
        pages.append(f"## {name}\n\n```text\n{text.strip()}\n```\n")
    return "\n".join(pages)


def with_parts(text: str) -> str:
    """Return a page with its generated parts written anew."""
    return PART.sub(lambda found: found[1] + PARTS[found[2]]() + found[3], text)


def pages() -> dict[Path, str]:
    """Return every page that holds something generated, as it should be."""
    written = {DOCS / "cli.md": cli()}
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if PART.search(text):
            written[path] = with_parts(text)
    return written


def html(folder: Path) -> None:
    """Write the docstrings of every room as HTML."""
    for name in lw.__all__:  # they are loaded on demand, and pdoc wants them there
        setattr(lw, name, getattr(lw, name))
    pdoc.render.configure(docformat="google")
    pdoc.pdoc(*(f"layerwise{room}" for room in ROOMS), output_directory=folder)


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    html(DOCS.parent / "build" / "docs")
