"""scikit-learn's face: networks as estimators.

NetworkClassifier   classes
NetworkRegressor    a number
"""

from layerwise.estimators.classifier import NetworkClassifier
from layerwise.estimators.regressor import NetworkRegressor

__all__ = ["NetworkClassifier", "NetworkRegressor"]
