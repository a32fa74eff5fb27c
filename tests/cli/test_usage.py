"""Messages of Python, in the options of the command line."""

import inspect

import pytest

from layerwise.cli import train
from layerwise.cli.usage import OPTIONS, in_options


def test_every_parameter_of_train_is_an_option():
    parameters = set(inspect.signature(train.run).parameters)
    assert set(OPTIONS) == parameters - {"table", "out", "json"}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("an int in the range [1, inf) or None", "a whole number of at least 1"),
        ("a number in the range (0.0, inf) or None", "a number above 0"),
        ("a float in the range [0.0, 1.0)", "a number from 0 to below 1"),
        ("an int in the range [0, 4294967295]", "a whole number from 0 to 4294967295"),
        ("one of sgd, adam", "one of sgd, adam"),
    ],
)
def test_rule_of_an_option(rule, said):
    message = f"The 'batch_size' parameter of train must be {rule}. Got 0 instead."
    assert in_options(message) == f"--batch-size must be {said}. Got 0 instead."


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "Use layers='linear' or layers='64 relu, 32 relu'.",
            'Use --layers linear or --layers "64 relu, 32 relu".',
        ),
        (
            "Lower learning_rate (now 0.5) or set clip_norm=1.0.",
            "Lower --learning-rate (now 0.5) or set --clip-norm 1.0.",
        ),
        (
            "The 'label_smoothing' parameter spreads labels.",
            "--label-smoothing spreads labels.",
        ),
        (
            "The layer's column 'batch_size' is not in 'my batch_size.csv'.",
            "The layer's column 'batch_size' is not in 'my batch_size.csv'.",
        ),
        ("The table has 3 epochs.", "The table has 3 epochs."),
    ],
)
def test_only_what_python_says_is_translated(message, said):
    assert in_options(message) == said
