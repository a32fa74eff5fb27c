"""Activation functions: what a neuron does with its z.

An activation belongs to the linear layer before it, has no learnable
parameters and acts on each neuron alone (softmax, which shares one row among
the neurons of the last layer, is the exception).

    name      a                                 first weights   reason
    identity  z                                 Glorot          keeps size both ways
    sigmoid   1 / (1 + exp(-z))                 Glorot          near-linear around 0
    tanh      tanh(z)                           Glorot          near-linear around 0
    softmax   exp(z) / sum(exp(z))              Glorot          only ends a network
    relu      z where z > 0, else 0             He              half the neurons are off
    gelu      z * Phi(z)                        He              nearly a ReLU
    silu      z * sigmoid(z)                    He              nearly a ReLU
    mish      z * tanh(log(1 + exp(z)))         He              nearly a ReLU
    selu      scale * (z, or alpha (exp(z)-1))  LeCun           keeps mean 0, variance 1

The variance of a first weight is 2/(d_in + d_out) for Glorot, 2/d_in for He
and 1/d_in for LeCun.
"""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array

from layerwise.errors import ParameterError, did_you_mean

__all__ = ["ACTIVATIONS", "Activation", "activation_named"]


@dataclass(frozen=True)
class Activation:
    """One activation function and the size of the first weights before it.

    Args:
        function: z -> a, same shape.
        init: "he", "glorot" or "lecun": the variance of the first weights.
        source: Where the function comes from.
    """

    function: Callable[[Array], Array]
    init: str
    source: str

    def __call__(self, z: Array) -> Array:
        """Return a, for z of any shape."""
        return self.function(z)

    def variance(self, d_in: int, d_out: int) -> float:
        """Return the variance of a first weight, so that signals keep their size.

        Source:
            He: "Delving Deep into Rectifiers", 2015, equation (10).
            Glorot: "Understanding the difficulty of training deep feedforward
            neural networks", 2010, equation (12).
            LeCun: "Efficient BackProp", 1998, section 4.6.
        """
        fan = {"he": d_in / 2, "glorot": (d_in + d_out) / 2, "lecun": d_in}
        return 1 / max(fan[self.init], 1)


def identity(z: Array) -> Array:
    """Return z: the activation of a layer that stays linear."""
    return z


def relu(z: Array) -> Array:
    """Switch a neuron off where its z is not above zero: where(z > 0, z, 0)."""
    return jnp.where(z > 0, z, jnp.zeros_like(z))


def gelu(z: Array) -> Array:
    """Weigh z by the standard normal share below it: z * Phi(z), exactly."""
    return jax.nn.gelu(z, approximate=False)


def softmax(z: Array) -> Array:
    """Turn the z of one row into shares that add up to 1."""
    return jax.nn.softmax(z, axis=-1)


ACTIVATIONS: dict[str, Activation] = {
    "identity": Activation(identity, "glorot", "a linear layer left linear"),
    "sigmoid": Activation(jax.nn.sigmoid, "glorot", "logistic function, 1838"),
    "tanh": Activation(jnp.tanh, "glorot", "hyperbolic tangent"),
    "softmax": Activation(softmax, "glorot", "Bridle, 1990"),
    "relu": Activation(relu, "he", "Nair and Hinton, 2010"),
    "gelu": Activation(gelu, "he", "Hendrycks and Gimpel, 2016"),
    "silu": Activation(jax.nn.silu, "he", "Elfwing, Uchibe and Doya, 2017"),
    "mish": Activation(jax.nn.mish, "he", "Misra, 2019"),
    "selu": Activation(jax.nn.selu, "lecun", "Klambauer et al., 2017"),
}


def activation_named(name: str) -> Activation:
    """Look an activation up by its name.

    Raises:
        ParameterError: When there is none of that name.

    Example:
        >>> activation_named("relu").init
        'he'
    """
    if name not in ACTIVATIONS:
        raise ParameterError(
            f"There is no activation {name!r}."
            f"{did_you_mean(name, ACTIVATIONS)} There are {', '.join(ACTIVATIONS)}."
        )
    return ACTIVATIONS[name]
