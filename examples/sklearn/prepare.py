"""Splits the breast cancer data that comes with scikit-learn into build/train.csv and build/test.csv."""
import csv
import os

from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

data = load_breast_cancer()
columns = [name.replace(" ", "_") for name in data.feature_names] + ["benign"]
train, test = train_test_split(
    [[*map(float, features), int(benign)] for features, benign in zip(data.data, data.target)],
    test_size=0.25,
    random_state=7,
    stratify=data.target,
)

os.makedirs("build", exist_ok=True)
for path, rows in (("build/train.csv", train), ("build/test.csv", test)):
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])
print(f"{len(train)} rows to train on, {len(test)} to test on")
