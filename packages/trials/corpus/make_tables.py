"""Models of tables that scikit-learn fits and skl2onnx exports as people export them, and what scikit-learn says about them.

    python make_tables.py FOLDER
"""
import csv
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from export import strip

ROWS, TEST = 600, 120
NUMBERS, TEXTS = ["age", "income", "savings", "debt"], ["housing", "purpose"]


def applicants():
    """Seeded applicants for a loan: `debt` is what two columns sum up to, and nobody's savings are above the income."""
    draw = np.random.default_rng(20)
    income = np.round(draw.lognormal(7.6, 0.4, ROWS), 2)
    table = {
        "age": draw.integers(19, 75, ROWS),
        "income": income,
        "savings": np.floor(income * draw.beta(1.2, 3, ROWS)),
        "cards": np.round(draw.gamma(2, 150, ROWS)),
        "mortgage": np.round(draw.gamma(1.5, 400, ROWS)),
        "housing": draw.choice(["own", "rent", "free"], ROWS),
        "purpose": draw.choice(["car", "furniture", "education", "business"], ROWS),
    }
    table["debt"] = table["cards"] + table["mortgage"]
    worth = 0.0012 * income + 0.001 * table["savings"] - 0.0014 * table["debt"] + 0.01 * table["age"]
    worth = worth + np.where(table["housing"] == "own", 0.6, 0) - np.where(table["purpose"] == "business", 0.5, 0)
    table["repaid"] = (worth + draw.logistic(0, 0.5, ROWS) > np.median(worth)).astype(int)
    return table


def write(table, path):
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(table)
        out.writerows(zip(*(column[-TEST:].tolist() for column in table.values())))


def export(fitted, types, path, options=None):
    file = to_onnx(fitted, initial_types=types, options=options, target_opset={"": 18, "ai.onnx.ml": 3}, naming="")
    file.graph.name = "table"  # else a random one
    path.write_bytes(file.SerializeToString(deterministic=True))
    strip(path)


def main(folder):
    table, facts = applicants(), {}
    folder.mkdir(exist_ok=True)
    write(table, folder / "applicants-test.csv")
    repaid = table["repaid"]
    rows = np.stack([table[name] for name in NUMBERS], 1).astype(np.float32)
    mixed = np.stack([table[name].astype(object) for name in NUMBERS + TEXTS], 1)
    steps = ColumnTransformer([("numbers", StandardScaler(), [0, 1, 2, 3]), ("texts", OneHotEncoder(), [4, 5])])
    kinds = [Int64TensorType, *[FloatTensorType] * 3, *[StringTensorType] * 2]
    columns = [(name, kind([None, 1])) for name, kind in zip(NUMBERS + TEXTS, kinds)]
    matrix = [("x", FloatTensorType([None, 4]))]
    models = {
        # an input for each column, texts among them
        "applicants-columns": (make_pipeline(steps, LogisticRegression(max_iter=1000)), mixed, columns),
        "applicants-forest": (RandomForestClassifier(12, max_depth=5, random_state=0), rows, matrix),
        "applicants-boosted": (GradientBoostingClassifier(n_estimators=20, random_state=0), rows, matrix),
    }
    for name, (model, x, types) in models.items():
        fitted = model.fit(x[:-TEST], repaid[:-TEST])
        export(fitted, types, folder / f"{name}.onnx", {"zipmap": False})
        facts[name] = {"rows": TEST, "accuracy": float((fitted.predict(x[-TEST:]) == repaid[-TEST:]).mean())}
    forest = RandomForestRegressor(12, max_depth=5, random_state=0).fit(rows[:-TEST, :3], rows[:-TEST, 3])
    export(forest, [("x", FloatTensorType([None, 3]))], folder / "debt-forest.onnx")
    errors = forest.predict(rows[-TEST:, :3]) - rows[-TEST:, 3]
    facts["debt-forest"] = {"rows": TEST, "mae": float(np.abs(errors).mean()), "rmse": float(np.sqrt((errors**2).mean()))}
    names = ("scikit-learn", "skl2onnx", "onnx", "numpy")
    text = json.dumps({"versions": {each: version(each) for each in names}, "models": facts}, indent=1)
    (folder / "recorded.json").write_text(text + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
