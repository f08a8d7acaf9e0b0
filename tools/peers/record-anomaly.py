"""Records what pyod, scikit-learn and datasketch say about made data, for packages/data/test/anomaly/recorded.json.

Run with the environment of requirements-data.txt: python tools/peers/record-anomaly.py
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from datasketch import MinHash, MinHashLSH
from pyod.models.ecod import ECOD
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(6)
rows = 150
columns = {
    "normal": random.normal(10, 3, rows),
    "skewed": random.lognormal(0, 1.2, rows),
    "left": -random.gamma(0.7, 5, rows),
    "whole": random.integers(0, 5, rows).astype(float),
    "heavy": random.standard_t(2, rows),
    "constant": np.full(rows, 7.0),
}
columns = {name: np.round(values, 6) for name, values in columns.items()}
table = np.column_stack(list(columns.values()))

ecod = ECOD().fit(table[:100])
scaled = StandardScaler().fit_transform(table)
distances, _ = NearestNeighbors(n_neighbors=6).fit(scaled).kneighbors(scaled)

# The forest depends on luck: how much the scores of several seeds agree says how much another one may differ.
forests = [IsolationForest(random_state=seed).fit(scaled) for seed in range(8)]
scores = np.array([-forest.score_samples(scaled) for forest in forests])

words = [f"w{index}" for index in range(400)]
documents = []
for index in range(150):
    text = list(random.choice(words, random.integers(15, 60)))
    documents.append(" ".join(text))
    for _ in range(random.integers(0, 3)):
        changed = list(text)
        for _ in range(random.integers(1, 4)):
            changed[random.integers(len(changed))] = str(random.choice(words))
        documents.append(" ".join(changed))


def shingles(text):
    parts = text.split(" ")
    return {" ".join(parts[at : at + 3]) for at in range(len(parts) - 2)}


lsh = MinHashLSH(threshold=0.8, num_perm=128)
hashed = []
for index, text in enumerate(documents):
    one = MinHash(num_perm=128, seed=1)
    for shingle in shingles(text):
        one.update(shingle.encode())
    hashed.append(one)
    lsh.insert(str(index), one)
pairs = sorted(
    {tuple(sorted((index, int(other)))) for index, one in enumerate(hashed) for other in lsh.query(one) if int(other) != index}
)

recorded = {
    "versions": {name: version(name) for name in ["pyod", "scikit-learn", "numpy", "scipy", "datasketch"]},
    "columns": {name: list(values) for name, values in columns.items()},
    "ecod": list(ECOD().fit(table).decision_scores_),
    "ecodOfLast50After100": list(ecod.decision_function(table[100:])),
    "fifthNeighbour": list(distances[:, 5]),
    "isolation": [float(value) for value in scores.mean(axis=0)],
    "isolationSeeds": [[float(value) for value in each] for each in scores[:3]],
    "documents": documents,
    "datasketchCandidates": [[int(one), int(other)] for one, other in pairs],
}
target = Path(__file__).parents[2] / "packages/data/test/anomaly/recorded.json"
target.write_text(json.dumps(recorded) + "\n")
