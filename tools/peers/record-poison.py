"""Records what NumPy and scikit-learn say of one class of scikit-learn's digits: spectral scores, components, two clusters.

Usage: ~/.cache/holdfast-peers/poison-embedded/bin/python tools/peers/record-poison.py > packages/data/test/poison/recorded/digits.json
"""
import json

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits

pixels, digits = load_digits(return_X_y=True)
x = pixels[digits == 7]
centred = x - x.mean(axis=0)
_, singular, directions = np.linalg.svd(centred, full_matrices=False)
scores = (centred @ directions[0]) ** 2
reduced = centred @ directions[:10].T
clusters = KMeans(2, n_init=100, random_state=0).fit(reduced)
few = x[:20]  # fewer rows than columns
_, wide, wide_directions = np.linalg.svd(few - few.mean(axis=0), full_matrices=False)
print(
    json.dumps(
        {
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
            "rows": x.astype(int).tolist(),
            "variances": (singular[:10] ** 2 / len(x)).tolist(),
            "scores": scores.tolist(),
            "fewVariances": (wide[:10] ** 2 / len(few)).tolist(),
            "fewScores": (((few - few.mean(axis=0)) @ wide_directions[0]) ** 2).tolist(),
            "inertia": float(clusters.inertia_),
            "smaller": int(np.bincount(clusters.labels_).min()),
        }
    )
)
