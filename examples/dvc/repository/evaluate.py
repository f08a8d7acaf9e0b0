"""Scores model.json on prepared/test.csv and writes metrics.json."""
import csv
import json
import math

with open("model.json") as file:
    model = json.load(file)
with open("prepared/test.csv", newline="") as file:
    rows = list(csv.DictReader(file))


def log_density(value, mean, variance):
    """Of the normal distribution."""
    return -0.5 * (math.log(2 * math.pi * variance) + (value - mean) ** 2 / variance)


def predict(row):
    def score(learnt):
        parts = (log_density(float(row[name]), mean, learnt["variance"][name]) for name, mean in learnt["mean"].items())
        return math.log(learnt["share"]) + sum(parts)

    return max(model, key=lambda species: score(model[species]))


def share_right(some):
    return round(sum(predict(row) == row["species"] for row in some) / len(some), 6)


metrics = {"accuracy": share_right(rows)}
for species in model:
    metrics[f"recall_{species.lower()}"] = share_right([row for row in rows if row["species"] == species])
with open("metrics.json", "w") as file:
    json.dump(metrics, file, indent=2)
    file.write("\n")
