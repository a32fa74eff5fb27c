"""Networks: layers in order, their text form, the catalog and the summary."""

from layerwise.network.catalog import CATALOG, Recipe, assemble, hidden_layers
from layerwise.network.network import LayerTrace, Network, NetworkParams
from layerwise.network.summary import LayerSummary, summarize
from layerwise.network.text import layers_from_text, layers_to_text

__all__ = [
    "CATALOG",
    "LayerSummary",
    "LayerTrace",
    "Network",
    "NetworkParams",
    "Recipe",
    "assemble",
    "hidden_layers",
    "layers_from_text",
    "layers_to_text",
    "summarize",
]
