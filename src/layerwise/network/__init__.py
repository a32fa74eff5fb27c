"""Networks: layers in order, their text form, the catalog and the summary."""

from layerwise.network.catalog import CATALOG, Plan, Ready, assemble, plan_of
from layerwise.network.network import LayerTrace, Network, NetworkParams, folded
from layerwise.network.summary import LayerSummary, summarize
from layerwise.network.text import layers_from_text, layers_to_text

__all__ = [
    "CATALOG",
    "LayerSummary",
    "LayerTrace",
    "Network",
    "NetworkParams",
    "Plan",
    "Ready",
    "assemble",
    "folded",
    "layers_from_text",
    "layers_to_text",
    "plan_of",
    "summarize",
]
