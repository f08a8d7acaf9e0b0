"""Writes packages/data/test/profile/pandas.json: what pandas and NumPy say of the published tables in shared/data.

Of the recidivism table only numbers over all rows are recorded, no value of a row.
Run: ~/.cache/holdfast-peers/data/bin/python tools/peers/record-profile.py FOLDER-OF-THE-TABLES OUTPUT
"""

import json
import sys

import numpy as np
import pandas as pd

folder, output = sys.argv[1:]
adult = (
    "age workclass fnlwgt education education_num marital_status occupation relationship race sex "
    "capital_gain capital_loss hours_per_week native_country income"
).split()
tables = {
    "adult-train": (dict(names=adult, na_values=["?"], skipinitialspace=True), True),
    "german": (dict(names=[f"c{i}" for i in range(21)]), True),
    "pima-indians-diabetes": (dict(names=[f"c{i}" for i in range(9)]), True),
    "sonar": (dict(names=[f"c{i}" for i in range(61)]), True),
    "compas-two-years": (dict(), False),
}
probabilities = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]


def number(value):
    value = float(value)
    return value if np.isfinite(value) else None


def column(series, values):
    present = series.dropna()
    said = {
        "present": int(present.size),
        "missing": int(series.isna().sum()),
        "distinct": int(present.nunique()),
    }
    if present.size == 0:
        return said
    counts = present.value_counts()
    said["counts"] = sorted((int(count) for count in counts), reverse=True)[:10]
    if values and not pd.api.types.is_numeric_dtype(series):
        said["top"] = str(counts.index[0])
    if pd.api.types.is_numeric_dtype(series):
        said |= {
            "mean": number(present.mean()),
            "deviation": number(present.std()),
            "skewness": number(present.skew()),
            "kurtosis": number(present.kurt()),
            "quantiles": [number(np.quantile(present.to_numpy(float), p)) for p in probabilities],
            "zeros": int((present == 0).sum()),
        }
        if values:
            said |= {"least": number(present.min()), "greatest": number(present.max())}
            said["histogram"] = [int(c) for c in np.histogram(present.to_numpy(float), bins=32)[0]]
    elif pd.api.types.is_string_dtype(series) or series.dtype == object:
        lengths = present.str.len()
        said["lengths"] = [int(lengths.min()), float(lengths.mean()), float(lengths.median()), int(lengths.max())]
    return said


recorded = {"source": f"pandas {pd.__version__}, NumPy {np.__version__}", "tables": {}}
for name, (options, values) in tables.items():
    frame = pd.read_csv(f"{folder}/{name}.csv", keep_default_na=False, **{"na_values": [""], **options})
    frame.columns = [str(each) for each in frame.columns]
    numbers = [each for each in frame.columns if pd.api.types.is_numeric_dtype(frame[each])][:8]
    matrix = frame[numbers].corr().to_numpy()
    recorded["tables"][name] = {
        "rows": len(frame),
        "duplicates": int(frame.duplicated().sum()),
        "columns": {each: column(frame[each], values) for each in frame.columns},
        "correlations": [[number(r) for r in row] for row in matrix],
        "correlated": numbers,
    }
with open(output, "w", encoding="utf-8") as file:
    json.dump(recorded, file, ensure_ascii=False)
    file.write("\n")
