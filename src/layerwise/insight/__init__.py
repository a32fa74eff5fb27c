"""What was learned, as plain data: whoever shows it only renders it.

walk    one row through every layer, and the sum behind each neuron
"""

from layerwise.insight.walk import Step, Sum, steps_of, sum_of

__all__ = ["Step", "Sum", "steps_of", "sum_of"]
