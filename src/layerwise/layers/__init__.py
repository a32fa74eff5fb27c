"""Layers: one class a layer, one file a family."""

from layerwise.layers.activation import ACTIVATIONS, Activation, activation_named
from layerwise.layers.dropout import Dropout
from layerwise.layers.embedding import CategoryUnits
from layerwise.layers.ensemble import MemberHeads, MemberLinear, Members
from layerwise.layers.input import LARGEST_UNIT, Input
from layerwise.layers.layer import Layer, Params
from layerwise.layers.linear import LARGEST_WIDTH, Linear, LinearLayer
from layerwise.layers.ntp import NTPLinear
from layerwise.layers.output import LAST_ACTIVATION, Output, Task
from layerwise.layers.scale import Scale
from layerwise.layers.scaling import robust_scaling, standardization
from layerwise.layers.text import TextUnits

__all__ = [
    "ACTIVATIONS",
    "LARGEST_UNIT",
    "LARGEST_WIDTH",
    "LAST_ACTIVATION",
    "LAYERS",
    "Activation",
    "CategoryUnits",
    "Dropout",
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
    "Scale",
    "Task",
    "TextUnits",
    "activation_named",
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
