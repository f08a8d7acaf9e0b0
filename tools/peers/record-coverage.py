"""Writes packages/data/test/coverage/recorded.json: what pandas, NumPy, SciPy and scikit-learn count in the published tables of
shared/data: rows of slices, combinations and ranges, and how far an evaluation set lies from training data.

Of the recidivism table only numbers over all rows are recorded, no value of a row.
Run: ~/.cache/holdfast-peers/data/bin/python tools/peers/record-coverage.py FOLDER-OF-THE-TABLES OUTPUT
"""

import hashlib
import itertools
import json
import sys
from importlib.metadata import version

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import OneHotEncoder

folder, output = sys.argv[1:]
adult = (
    "age workclass fnlwgt education education-num marital-status occupation relationship race sex "
    "capital-gain capital-loss hours-per-week native-country income"
).split()


def read(name, **how):
    return pd.read_csv(f"{folder}/{name}.csv", **how)


def combinations(table, columns):
    """Rows of each combination of the values that the columns have, those without a row too."""
    axes = [sorted(table[column].dropna().unique()) for column in columns]
    counts = pd.crosstab(table[columns[0]], [table[column] for column in columns[1:]]) if len(columns) > 1 else None
    grouped = table.groupby(columns, dropna=True).size()
    rows = {}
    for values in itertools.product(*axes):
        key = values if len(columns) > 1 else values[0]
        rows["|".join(str(value) for value in values)] = int(grouped.get(key, 0))
    if counts is not None:
        assert counts.to_numpy().sum() == sum(rows.values())
    return {"columns": columns, "rows": rows, "outside": int(len(table) - sum(rows.values()))}


def ranges(table, column, edges):
    """NumPy's bins: from <= value < to, the last one with its upper edge; None is infinity."""
    ends = [(-np.inf if at == 0 else np.inf) if edge is None else edge for at, edge in enumerate(edges)]
    values = table[column].dropna().to_numpy(dtype=float)
    counts, _ = np.histogram(values, bins=ends)
    return {
        "column": column,
        "edges": edges,
        "rows": [int(count) for count in counts],
        "outside": int(values.size - counts.sum()),
        "missing": int(table[column].isna().sum()),
    }


def covered(now, before):
    """By column: categories, or bins between deciles, of the reference; how many the table lacks; what part of the values it has."""
    found = {}
    for column in before.columns:
        here, there = now[column].dropna(), before[column].dropna()
        if there.dtype.kind in "if":
            edges = np.unique(np.quantile(there, np.arange(1, 10) / 10))
            if edges[0] == there.min():
                edges = np.concatenate([[np.nextafter(edges[0], -np.inf)], edges])
            bin_of = lambda values: pd.Series(np.searchsorted(edges, values, side="left"))  # (lower, upper]
            foreign = int(((here < there.min()) | (here > there.max())).sum())
            here, there = bin_of(here), bin_of(there)
        else:
            foreign = int((~here.isin(there.unique())).sum())
        groups = there.unique()
        missing = set(groups) - set(here.unique())
        found[column] = {
            "groups": len(groups),
            "without": len(missing),
            "covered": float((~there.isin(missing)).sum() / len(there)) if len(there) else 1.0,
            "foreign": foreign,
        }
    return found


def sample(table, most=1000):
    """The rows with the smallest hashes: MD5 of the seed, the part and the number of the row."""
    hashes = [int(hashlib.md5(f"0 0 \x1f{row}".encode()).hexdigest()[:15], 16) for row in range(1, len(table) + 1)]
    return table.iloc[np.argsort(hashes, kind="stable")[:most]]


def distances(now, before):
    """To the nearest row of the reference. Numbers are middle ranks among both samples, missing ones one half; categories are
    0 or 1 apart; the root of the mean of squares over the columns."""
    both = pd.concat([now, before], ignore_index=True)
    parts = []
    for column in both.columns:
        values = both[column]
        if values.dtype.kind in "if":
            ranks = (rankdata(values.to_numpy(dtype=float), nan_policy="omit") - 0.5) / values.notna().sum()
            parts.append(np.where(values.isna(), 0.5, ranks).reshape(-1, 1))
        else:
            codes = OneHotEncoder(sparse_output=False).fit_transform(values.fillna("\0none").to_frame())
            parts.append(codes / np.sqrt(2))  # two different categories are 1 apart
    points = np.hstack(parts) / np.sqrt(both.shape[1])
    here, there = points[: len(now)], points[len(now) :]
    nearest = NearestNeighbors(algorithm="kd_tree").fit(there)
    table = nearest.kneighbors(here, n_neighbors=1)[0][:, 0]
    usual = nearest.kneighbors(there, n_neighbors=2)[0][:, 1]
    spread = lambda values: [float(value) for value in np.sort(values)]
    quantiles = lambda values: [float(value) for value in np.quantile(values, [0.5, 0.95])]
    return {
        "quantiles": {"table": quantiles(table), "usual": quantiles(usual)},
        # every tenth of the sorted ones
        "table": spread(table)[::10],
        "usual": spread(usual)[::10],
    }


census = read("adult-train", names=adult, na_values=["?"], skipinitialspace=True)
held_back = read("adult-test", names=adult, na_values=["?"], skipinitialspace=True)
german = read("german", names=[f"c{index}" for index in range(21)])
pima = read("pima-indians-diabetes", names=[f"c{index}" for index in range(9)])
compas = read("compas-two-years")

women = census[(census["sex"] == "Female") & (census["income"] == ">50K")]
old = census[(census["age"] >= 65) & census["workclass"].isin(["Private", "State-gov"])]
recorded = {
    "versions": {name: version(name) for name in ["pandas", "numpy", "scipy", "scikit-learn"]},
    "census": {
        "rows": len(census),
        "combinations": [
            combinations(census, ["sex"]),
            combinations(census, ["sex", "race"]),
            combinations(census, ["workclass", "race"]),
            combinations(census, ["education", "race", "sex"]),
            combinations(census, ["native-country"]),
            combinations(census[census["age"] >= 80], ["sex", "race"]),
        ],
        "slices": {
            "women who earn more": len(women),
            "old and employed": len(old),
            "no occupation": int(census["occupation"].isna().sum()),
            "an occupation": int(census["occupation"].notna().sum()),
            "neither": int(((census["age"] > 60) & (census["age"] < 50)).sum()),
            "not from here": int((census["native-country"] != "United-States").sum() - census["native-country"].isna().sum()),
        },
        "ranges": [
            ranges(census, "age", [17, 25, 35, 45, 55, 65, 75, 85, 91]),
            ranges(census, "age", [None, 20, 30.5, 89, None]),
            ranges(census, "capital-gain", [0, 1, 10000, 50000, 99998, 99999]),
        ],
        "covered": covered(held_back, census),
        "distances": distances(sample(held_back), sample(census)),
    },
    "german": {
        "combinations": [combinations(german, ["c0", "c2"]), combinations(german, ["c19", "c20"])],
        "ranges": [ranges(german, "c1", [None, 6, 12, 24, 48, 60, 72, None])],
        "covered": covered(german.iloc[700:], german.iloc[:700]),
        "distances": distances(german.iloc[700:], german.iloc[:700]),
    },
    "pima": {
        "ranges": [ranges(pima, "c5", [0, 18.5, 25, 30, 35, 40, 50, 68])],
        "covered": covered(pima.iloc[500:], pima.iloc[:500]),
        "distances": distances(pima.iloc[500:], pima.iloc[:500]),
    },
    "compas": {
        "combinations": [
            combinations(compas, ["race", "sex"]),
            combinations(compas, ["age_cat", "race"]),
            combinations(compas, ["decile_score", "sex"]),
        ],
        "ranges": [
            ranges(compas, "days_b_screening_arrest", [None, -365, -30, 0, 30, 365, None]),
            ranges(compas, "priors_count", [0, 1, 5, 10, 20, 38]),
        ],
    },
}
with open(output, "w", encoding="utf-8") as file:
    file.write(json.dumps(recorded, indent=1) + "\n")
