"""The rule of a column as plain data, and back from foreign data.

{"reads": "numbers", "decimal": ".", "thousands": ",", "before": "$", ...}
{"reads": "dates", "order": "day-first", "has_time": false}
"""

from dataclasses import asdict, fields
from typing import Any

from layerwise.errors import BundleError
from layerwise.table import closed
from layerwise.table.dates import ORDERS, DateRule
from layerwise.table.numbers import MARKS, NumberRule

__all__ = ["Rule", "rule_from_json", "rule_to_json"]

Rule = NumberRule | DateRule
LONGEST_AFFIX = 16
MOST_MISSING = 3


def rule_to_json(rule: Rule | None) -> dict[str, Any] | None:
    """Write a rule as plain data.

    Example:
        >>> rule_to_json(DateRule("day-first"))
        {'reads': 'dates', 'order': 'day-first', 'has_time': False}
    """
    if rule is None:
        return None
    reads = "dates" if isinstance(rule, DateRule) else "numbers"
    plain = {key: list(v) if type(v) is tuple else v for key, v in asdict(rule).items()}
    return {"reads": reads, **plain}


def rule_from_json(data: Any, path: str) -> Rule | None:
    """Read a rule from foreign data.

    Args:
        data: What `rule_to_json` wrote, or anything else.
        path: Where it stands in the file, for messages.

    Returns:
        The rule, or None for null.

    Raises:
        BundleError: When the data is anything but a rule.

    Example:
        >>> rule_from_json({"reads": "dates", "order": "named", "has_time": True}, "r")
        DateRule(order='named', has_time=True)
    """
    if data is None:
        return None
    if type(data) is dict and data.get("reads") == "dates":
        return _date_rule(data, path)
    return _number_rule(data, path)


def _date_rule(data: Any, path: str) -> DateRule:
    found = closed.record(data, path, _keys(DateRule))
    order = closed.choice(found["order"], f"{path}/order", ORDERS)
    return DateRule(order, closed.flag(found["has_time"], f"{path}/has_time"))


def _number_rule(data: Any, path: str) -> NumberRule:
    found = closed.record(data, path, _keys(NumberRule))
    closed.choice(found["reads"], f"{path}/reads", ["numbers", "dates"])
    for key in ("before", "after"):
        if len(closed.text(found[key], f"{path}/{key}")) > LONGEST_AFFIX:
            raise BundleError(
                f"{path}/{key} is longer than {LONGEST_AFFIX} characters."
            )
    rule = NumberRule(
        decimal=closed.choice(found["decimal"], f"{path}/decimal", ".,"),
        thousands=closed.choice(found["thousands"], f"{path}/thousands", MARKS),
        before=found["before"],
        after=found["after"],
        scaled=closed.flag(found["scaled"], f"{path}/scaled"),
        missing=closed.texts(found["missing"], f"{path}/missing", MOST_MISSING),
    )
    if rule.decimal == rule.thousands:
        raise BundleError(f"{path} uses {rule.decimal!r} as both marks.")
    return rule


def _keys(rule: type[Rule]) -> list[str]:
    return ["reads", *(field.name for field in fields(rule))]
