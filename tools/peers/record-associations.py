"""Writes packages/data/test/profile/associations.json: what SciPy says of how the columns of the published tables in shared/data go
together, each two over the rows that have both values: Spearman's coefficient of numbers, Cramér's V of texts with 2 to 64 values.

Of the recidivism table only these numbers over all rows are recorded, no value of a row.
Run: ~/.cache/holdfast-peers/data/bin/python tools/peers/record-associations.py FOLDER-OF-THE-TABLES OUTPUT
"""

import json
import sys

import numpy as np
import pandas as pd
import scipy
from scipy.stats import spearmanr
from scipy.stats.contingency import association

folder, output = sys.argv[1:]
adult = (
    "age workclass fnlwgt education education_num marital_status occupation relationship race sex "
    "capital_gain capital_loss hours_per_week native_country income"
).split()
tables = {
    "adult-train": dict(names=adult, na_values=["", "?"], skipinitialspace=True),
    "german": dict(names=[f"c{i}" for i in range(21)]),
    "pima-indians-diabetes": dict(names=[f"c{i}" for i in range(9)]),
    "compas-two-years": dict(),
}


def pairs(frame, columns, measure):
    found = {}
    for at, one in enumerate(columns):
        for other in columns[:at]:
            both = frame[[one, other]].dropna()
            found[f"{one}|{other}"] = measure(both[one], both[other])
    return found


def spearman(one, other):
    if one.nunique() < 2 or other.nunique() < 2:
        return None
    return float(spearmanr(one, other).statistic)


def cramer(one, other):
    table = pd.crosstab(one, other)
    if min(table.shape) < 2:
        return None
    return float(association(table.to_numpy(), method="cramer"))


recorded = {"source": f"SciPy {scipy.__version__}, pandas {pd.__version__}", "tables": {}}
for name, options in tables.items():
    frame = pd.read_csv(f"{folder}/{name}.csv", keep_default_na=False, **{"na_values": [""], **options})
    # a name that is there twice is told apart in another way by pandas
    frame = frame[[each for each in frame.columns if not each.endswith(".1")]]
    numbers = [each for each in frame.columns if pd.api.types.is_numeric_dtype(frame[each]) and frame[each].notna().any()]
    texts = [each for each in frame.columns if each not in numbers and 2 <= frame[each].nunique() <= 64]
    recorded["tables"][name] = {
        "spearman": pairs(frame, numbers, spearman),
        "cramersV": pairs(frame, texts, cramer),
    }
    assert np.isfinite([v for v in recorded["tables"][name]["spearman"].values() if v is not None]).all()
with open(output, "w", encoding="utf-8") as file:
    json.dump(recorded, file, ensure_ascii=False)
    file.write("\n")
