"""Layers: one class a layer, one file a family."""

from layerwise.layers.activation import ACTIVATIONS, Activation, activation_named
from layerwise.layers.dropout import Dropout
from layerwise.layers.embedding import CategoryUnits
from layerwise.layers.encoding import Encoding
from layerwise.layers.ensemble import MemberHeads, MemberLinear, Members
from layerwise.layers.input import Input
from layerwise.layers.layer import Layer, Params
from layerwise.layers.linear import LARGEST_WIDTH, Linear, LinearLayer
from layerwise.layers.ntp import NTPLinear
from layerwise.layers.output import LAST_ACTIVATION, Output, Task
from layerwise.layers.periodic import Pbld, Plr
from layerwise.layers.piecewise import Piecewise, mixed_bins, quantile_bins
from layerwise.layers.quantile import normal_quantiles
from layerwise.layers.scale import Scale
from layerwise.layers.scaling import (
    LARGEST_UNIT,
    MOST_CONSTANTS,
    robust_scaling,
    standardization,
)
from layerwise.layers.text import TextUnits

__all__ = [
    "ACTIVATIONS",
    "LARGEST_UNIT",
    "LARGEST_WIDTH",
    "LAST_ACTIVATION",
    "LAYERS",
    "MOST_CONSTANTS",
    "Activation",
    "CategoryUnits",
    "Dropout",
    "Encoding",
    "Input",
    "Layer",
    "Linear",
    "LinearLayer",
    "MemberHeads",
    "MemberLinear",
    "Members",
    "NTPLinear",
    "Output",
    "Params",
    "Pbld",
    "Piecewise",
    "Plr",
    "Scale",
    "Task",
    "TextUnits",
    "activation_named",
    "mixed_bins",
    "normal_quantiles",
    "quantile_bins",
    "robust_scaling",
    "standardization",
]

LAYERS: dict[str, type[Layer]] = {
    layer.kind: layer
    for layer in (
        Input,
        Linear,
        NTPLinear,
        Members,
        MemberLinear,
        MemberHeads,
        Scale,
        Dropout,
        Output,
    )
}
"""Every kind of layer by its word. A file names one of these or is refused."""
