"""Splits data/penguins.csv into prepared/train.csv and prepared/test.csv."""
import csv
import hashlib
import os

measurements = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
columns = ["species", *measurements]


def is_for_testing(row):
    """A quarter of all possible rows. A row keeps its side when others come and go."""
    text = ",".join(row.values())
    return hashlib.sha256(text.encode()).digest()[0] < 64


with open("data/penguins.csv", newline="") as file:
    rows = [row for row in csv.DictReader(file) if "NA" not in (row[name] for name in columns)]
if not rows:
    raise SystemExit("data/penguins.csv holds no row that is complete")

os.makedirs("prepared", exist_ok=True)
for path, wanted in (("prepared/train.csv", False), ("prepared/test.csv", True)):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if is_for_testing(row) == wanted)
