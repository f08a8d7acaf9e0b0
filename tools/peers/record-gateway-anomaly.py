"""Records what scikit-learn and pyod say about made data, for packages/gateway/test/protection/recorded-anomaly.json.

Run with the environment of requirements-data.txt: python tools/peers/record-gateway-anomaly.py
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pyod.models.ecod import ECOD
from sklearn.covariance import EmpiricalCovariance, LedoitWolf
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(8)


def made(rows):
    common = random.normal(size=rows)
    columns = [
        random.normal(10, 3, rows) + common,
        random.lognormal(0, 1, rows),
        -random.gamma(0.7, 5, rows) + common,
        random.integers(0, 5, rows).astype(float),
        common * 2 + random.normal(0, 0.5, rows),
    ]
    return np.round(np.column_stack(columns), 6)


table, fresh = made(120), made(20)
scaler = StandardScaler().fit(table)
scaled, scaled_fresh = scaler.transform(table), scaler.transform(fresh)
shrunk = LedoitWolf().fit(scaled)

# pyod puts a new row beside those that were fitted, so each is asked alone
ecod = ECOD().fit(table)
depth = [float(ECOD().fit(table).decision_function(row[None])[0]) for row in fresh]

# wider than long: shrinkage matters
wide = np.round(random.normal(size=(12, 20)) @ random.normal(size=(20, 20)), 6)
# a known spectrum, for the components
spectrum = np.round(random.normal(size=(200, 10)) * np.array([9, 7, 5, 4, 3, 1, 0.7, 0.5, 0.3, 0.2]), 6)
pca = PCA(3).fit(spectrum)

recorded = {
    "versions": {name: version(name) for name in ["scikit-learn", "pyod", "numpy"]},
    "table": table.tolist(),
    "fresh": fresh.tolist(),
    "shrinkage": float(shrunk.shrinkage_),
    "mahalanobis": np.sqrt(shrunk.mahalanobis(scaled_fresh)).tolist(),
    "ecod": depth,
    "wide": wide.tolist(),
    "wideShrinkage": float(LedoitWolf().fit(wide).shrinkage_),
    "wideCovariance": LedoitWolf().fit(wide).covariance_.tolist(),
    "empirical": EmpiricalCovariance().fit(table).mahalanobis(fresh).tolist(),
    "empiricalCovariance": EmpiricalCovariance().fit(table).covariance_.tolist(),
    "empiricalMean": table.mean(axis=0).tolist(),
    "spectrum": spectrum.tolist(),
    "components": pca.components_.tolist(),
}
target = Path(__file__).parents[2] / "packages/gateway/test/protection/recorded-anomaly.json"
target.write_text(json.dumps(recorded) + "\n")
