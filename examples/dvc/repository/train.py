"""Learns a Gaussian naive Bayes classifier from prepared/train.csv and writes it to model.json."""
import csv
import json
from statistics import fmean, pvariance

with open("prepared/train.csv", newline="") as file:
    rows = list(csv.DictReader(file))
measurements = [name for name in rows[0] if name != "species"]


def learn(species):
    own = [row for row in rows if row["species"] == species]
    values = {name: [float(row[name]) for row in own] for name in measurements}
    return {
        "share": round(len(own) / len(rows), 6),
        "mean": {name: round(fmean(values[name]), 6) for name in measurements},
        "variance": {name: round(pvariance(values[name]), 6) for name in measurements},
    }


model = {species: learn(species) for species in sorted({row["species"] for row in rows})}
with open("model.json", "w") as file:
    json.dump(model, file, indent=2)
    file.write("\n")
