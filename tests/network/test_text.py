"""The text form of layers: what is written reads back, what does not fit is shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwise.errors import ParameterError
from layerwise.layers import ACTIVATIONS, LARGEST_WIDTH, Dropout, Layer, Linear
from layerwise.network import layers_from_text, layers_to_text

HIDDEN = [name for name in ACTIVATIONS if name != "softmax"]

linear_layers = st.builds(
    Linear, st.integers(1, LARGEST_WIDTH), st.sampled_from(HIDDEN)
)
dropout_layers = st.builds(Dropout, st.floats(0, 1, exclude_max=True))


@settings(deadline=None)  # other work on the machine is not a failure
@given(st.lists(linear_layers | dropout_layers, min_size=1, max_size=20))
def test_what_is_written_reads_back(layers: list[Layer]) -> None:
    assert layers_from_text(layers_to_text(layers)) == tuple(layers)


@settings(deadline=None)  # other work on the machine is not a failure
@given(st.text(alphabet="0123456789.,- relutanhdropo", max_size=40))
def test_any_text_gives_layers_or_an_error_that_points_into_it(text: str) -> None:
    try:
        layers = layers_from_text(text)
    except ParameterError as error:
        if text.strip(" ,"):
            _, line, mark = str(error).split("\n")
            assert line == f"  {text}"
            assert set(mark) == {" ", "^"}
            assert len(mark) <= len(line) + 1  # past a last comma at most
    else:
        assert layers_from_text(layers_to_text(layers)) == layers


READINGS = {
    "64": (Linear(64, "relu"),),
    "64 relu": (Linear(64, "relu"),),
    " 64   ReLU ,32 TANH": (Linear(64, "relu"), Linear(32, "tanh")),
    "64,dropout .5,8 gelu": (Linear(64), Dropout(0.5), Linear(8, "gelu")),
    "8\tselu,\n8": (Linear(8, "selu"), Linear(8)),
    "dropout 0": (Dropout(0.0),),
}


@pytest.mark.parametrize(("text", "layers"), READINGS.items())
def test_readings(text: str, layers: tuple[Layer, ...]) -> None:
    assert layers_from_text(text) == layers


EMPTY = (
    "The layers text is empty. Write layers such as '64 relu, 32 relu', or 'linear' "
    "for none."
)
RATE = (
    "The layers text has dropout without a rate from 0 to below 1, such as "
    "'dropout 0.1'."
)
MESSAGES = {
    "": EMPTY,
    " , ": EMPTY,
    "64 rleu": """\
The layers text has the word 'rleu', which is not an activation. Did you mean 'relu'?
  64 rleu
     ^^^^""",
    "8 tanh, 64 quick": """\
The layers text has the word 'quick', which is not an activation. There are identity, \
sigmoid, tanh, relu, gelu, silu, mish, selu.
  8 tanh, 64 quick
             ^^^^^""",
    "64 softmax": """\
The layers text has the word 'softmax', which is not an activation. There are \
identity, sigmoid, tanh, relu, gelu, silu, mish, selu.
  64 softmax
     ^^^^^^^""",
    "64 relu, droput 0.1": """\
The layers text has the word 'droput' where a number of neurons was expected. Did you \
mean 'dropout'?
  64 relu, droput 0.1
           ^^^^^^""",
    "relu 64": """\
The layers text has the word 'relu' where a number of neurons was expected.
  relu 64
  ^^^^""",
    "-3 relu": """\
The layers text has the word '-3' where a number of neurons was expected.
  -3 relu
  ^^""",
    "0": """\
The layers text has 0 neurons; a layer has 1 to 65536.
  0
  ^""",
    "32, 65537 tanh": """\
The layers text has 65537 neurons; a layer has 1 to 65536.
  32, 65537 tanh
      ^^^^^""",
    "64 relu 32 relu": """\
The layers text has the word '32', where a comma was expected.
  64 relu 32 relu
          ^^""",
    "64,,32": """\
The layers text has an empty layer.
  64,,32
     ^""",
    "64, \n,32": """\
The layers text has an empty layer.
  64,  ,32
     ^""",
    "64,": """\
The layers text has an empty layer.
  64,
     ^""",
    "dropout": f"{RATE}\n  dropout\n  ^^^^^^^",
    "8, dropout 1.0": f"{RATE}\n  8, dropout 1.0\n             ^^^",
    "8, dropout nan": f"{RATE}\n  8, dropout nan\n             ^^^",
    "dropout half": f"{RATE}\n  dropout half\n          ^^^^",
}


@pytest.mark.parametrize(("text", "message"), MESSAGES.items())
def test_the_error_points_at_the_word(text: str, message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        layers_from_text(text)
    assert str(caught.value) == message


def test_too_many_layers_are_refused_before_any_is_made() -> None:
    message = "^The layers text has 1001 layers; at most 1000 fit.$"
    with pytest.raises(ParameterError, match=message):
        layers_from_text(",".join(["1"] * 1001))
