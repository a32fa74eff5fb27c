"""What each step from a line to ``strong`` brings, on one table.

    python benchmarks/steps.py        writes the table of docs/why-these-layers.md

Each step is trained on the train file and scored once on the test file. The tables are
not part of this project: see ``accuracy.py``.
"""

import argparse
import re
import sys
import time
from pathlib import Path
from typing import Any

import layerwise as lw

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from contest.sheets import sheets_in  # noqa: E402

PAGE = HERE.parent / "docs" / "why-these-layers.md"
TABLE = "california_housing"
STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "a line": ("--layers linear", {"layers": "linear"}),
    "hidden layers": ("--layers mlp", {"layers": "mlp"}),
    "an input layer that bends": ("--layers quick", {"layers": "quick"}),
    "members": ("--layers strong --refits 0", {"layers": "strong", "refits": 0}),
    "one refit": ("--layers strong --refits 1", {"layers": "strong", "refits": 1}),
    "three refits": ("--layers strong", {"layers": "strong"}),
}
MEASURED = re.compile(
    r"(<!-- measured: python benchmarks/steps.py -->\n).*(<!-- end -->)", re.DOTALL
)


def measured(folder: Path) -> str:
    """Train and score every step; return the table."""
    sheet = sheets_in(folder)[TABLE]
    lines = [
        "| step | options | networks | learnable parameters | RMSE | seconds |",
        "|---|---|---|---|---|---|",
    ]
    for step, (options, settings) in STEPS.items():
        began = time.perf_counter()
        model = lw.train(sheet.train, target=sheet.target, **settings)
        seconds = time.perf_counter() - began
        rmse = model.evaluate(sheet.test)["rmse"]
        lines.append(
            f"| {step} | `{options}` | {model.n_networks} | {model.n_parameters:,} | "
            f"{rmse:,.0f} | {seconds:.0f} |"
        )
        print(lines[-1], flush=True)
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure every step and write the page anew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--folder", type=Path, default=HERE.parent.parent / "shared" / "tables"
    )
    parser.add_argument("--page", type=Path, default=PAGE)
    asked = parser.parse_args()
    table = measured(asked.folder)
    text = asked.page.read_text(encoding="utf-8")
    asked.page.write_text(MEASURED.sub(rf"\g<1>{table}\g<2>", text), encoding="utf-8")


if __name__ == "__main__":
    main()
