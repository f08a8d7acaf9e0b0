"""Writes packages/data/test/anonymise/recorded.json: the best full-domain generalisations of the census, found by trying all of them
with NumPy, and what pyCANON measures of the tables that they give.

ARX, which searches the same lattices, is on no package registry. Definitions are those of the papers, written down here again:
the loss of Iyengar and Sweeney's precision (a suppressed cell has lost all), non-uniform entropy (a suppressed cell became what
every cell is), discernibility of Bayardo and Agrawal, the average class size of LeFevre (what is suppressed is one class).
Run: ~/.cache/holdfast-peers/anonymise/bin/python tools/peers/record-anonymise.py FOLDER-OF-THE-TABLES HIERARCHIES.yaml OUTPUT
"""

import itertools
import json
import sys
from importlib.metadata import version

import numpy as np
import pandas as pd
import yaml
from pycanon import anonymity

folder, declared, output = sys.argv[1:]
names = (
    "age workclass fnlwgt education education-num marital-status occupation relationship race sex "
    "capital-gain capital-loss hours-per-week native-country income"
).split()
census = pd.read_csv(f"{folder}/adult-train.csv", names=names, na_values=["?"], skipinitialspace=True)
declarations = yaml.safe_load(open(declared, encoding="utf-8"))


def leaves(tree, path=()):
    if isinstance(tree, list):
        for value in tree:
            yield str(value), path
    else:
        for name, below in tree.items():
            yield from leaves(below, (*path, name))


def levels_of(column):
    """For each level a mapping from value to label, and the values of the domain; a missing value is one of them."""
    values = sorted(census[column].dropna().unique())
    missing = ["missing"] if census[column].isna().any() else []
    said = declarations[column]
    if "widths" in said:
        above = [{value: f"{value // width * width}" for value in values} for width in said["widths"]]
        domain = values
    else:
        paths = dict(leaves(said["tree"]))
        domain = list(paths)
        depth = len(next(iter(paths.values())))
        above = [{value: paths[value][depth - 1 - at] for value in domain} for at in range(depth)]
    every = [*domain, *missing]
    all_levels = [{value: str(value) for value in every}]
    all_levels += [{**level, **{value: value for value in missing}} for level in above]
    all_levels.append({value: "*" for value in every})
    return all_levels


class Lattice:
    def __init__(self, quasi, sensitive=None):
        self.quasi = quasi
        table = census[quasi].astype(object).where(census[quasi].notna(), "missing")
        self.rows = len(table)
        self.hierarchies = [levels_of(column) for column in quasi]
        codes, self.values = zip(*(pd.factorize(table[column]) for column in quasi))
        self.codes = np.stack(codes, axis=1)
        self.labels, self.sizes, self.loss, self.bits = [], [], [], []
        for at, levels in enumerate(self.hierarchies):
            labels, sizes, loss, bits = [], [], [], []
            counts = np.bincount(self.codes[:, at], minlength=len(self.values[at]))
            for level in levels:
                here = [level[value] for value in self.values[at]]
                known = {label: code for code, label in enumerate(dict.fromkeys(here))}
                mapped = np.array([known[label] for label in here])
                labels.append(mapped)
                sizes.append(len(known))
                members = pd.Series(list(level.values())).value_counts()
                loss.append(np.array([(members[label] - 1) / max(1, len(level) - 1) for label in here]))
                rows = np.bincount(mapped, weights=counts, minlength=len(known))
                bits.append(np.log2(rows[mapped] / counts))
            self.labels.append(labels)
            self.sizes.append(sizes)
            self.loss.append(loss)
            self.bits.append(bits)
        counts = [np.bincount(self.codes[:, at]) for at in range(len(quasi))]
        self.gone = sum(np.log2(self.rows / each)[self.codes[:, at]] for at, each in enumerate(counts))
        self.sensitive = None
        if sensitive is not None:
            filled = census[sensitive].where(census[sensitive].notna(), "missing")
            self.sensitive, self.secrets = pd.factorize(filled, sort=True)

    def nodes(self):
        return itertools.product(*(range(len(levels)) for levels in self.hierarchies))

    def classes(self, node):
        key = np.zeros(self.rows, dtype=np.int64)
        for at, level in enumerate(node):
            key = key * self.sizes[at][level] + self.labels[at][level][self.codes[:, at]]
        _, ids = np.unique(key, return_inverse=True)
        return ids

    def costs(self, node, ids):
        """By class: what its cells lose, in each utility that counts cells."""
        columns = list(enumerate(node))
        loss = sum(self.loss[at][level][self.codes[:, at]] for at, level in columns)
        bits = sum(self.bits[at][level][self.codes[:, at]] for at, level in columns)
        return [np.bincount(ids, weights=each) for each in (loss, bits, self.gone)]

    def scores(self, node, sizes, kept, costs):
        n, columns = self.rows, len(self.quasi)
        loss, bits, gone = costs
        out = int(sizes[~kept].sum())
        heights = [len(levels) - 1 for levels in self.hierarchies]
        precision = sum(level / height if height else 0 for level, height in zip(node, heights)) * (n - out)
        classes = int(kept.sum())
        return {
            "loss": float(loss[kept].sum() + out * columns) / (n * columns),
            "precision": (precision + out * columns) / (n * columns),
            "entropy": float((bits[kept].sum() + gone[~kept].sum()) / gone.sum()),
            "discernibility": float((sizes[kept].astype(float) ** 2).sum() + out * n),
            "class-size": n / (classes + (1 if out else 0)),
        }

    def shares(self, ids):
        counts = np.zeros((ids.max() + 1, len(self.secrets)))
        np.add.at(counts, (ids, self.sensitive), 1)
        return counts / counts.sum(axis=1, keepdims=True)


def search(lattice, wanted):
    """The best nodes for each of what is wanted: name -> (classes that are kept, rows that may be suppressed)."""
    best = {}
    for node in lattice.nodes():
        ids = lattice.classes(node)
        sizes = np.bincount(ids)
        shares = None if lattice.sensitive is None else lattice.shares(ids)
        cache, costs = {}, None
        for name, (rule, holds, limit) in wanted.items():
            if rule not in cache:
                cache[rule] = holds(sizes, shares)
            kept = cache[rule]
            out = int(sizes[~kept].sum())
            if out > int(limit * lattice.rows):
                continue
            if (rule, "scores") not in cache:
                costs = lattice.costs(node, ids) if costs is None else costs
                cache[(rule, "scores")] = lattice.scores(node, sizes, kept, costs)
            for utility, score in cache[(rule, "scores")].items():
                entry = best.setdefault(name, {}).setdefault(utility, {"score": np.inf, "nodes": []})
                if score < entry["score"] * (1 - 1e-12):
                    entry.update(score=float(score), nodes=[])
                if score <= entry["score"] * (1 + 1e-12):
                    entry["nodes"].append({"levels": list(node), "suppressed": out})
    return best


def distances(shares):
    """Earth mover's distance to the whole table, where all values are equally far apart."""
    whole = np.bincount(secret.sensitive) / secret.rows
    return np.abs(shares - whole).sum(axis=1) / 2


def ordered(shares):
    whole = np.bincount(secret.sensitive) / secret.rows
    return np.abs(np.cumsum(shares - whole, axis=1)).sum(axis=1) / (shares.shape[1] - 1)


def entropies(shares):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.nansum(np.where(shares > 0, shares * np.log(shares), 0), axis=1)


def recursive(shares, c, l):
    descending = -np.sort(-shares, axis=1)
    return descending[:, 0] < c * descending[:, l - 1 :].sum(axis=1)


people = Lattice("sex age race marital-status education native-country workclass occupation".split())
found = search(
    people,
    {
        f"{k} {limit}": (f"k{k}", (lambda least: lambda sizes, _: sizes >= least)(k), limit)
        for k in [2, 5, 10, 50]
        for limit in [0, 0.01, 0.05]
    },
)

secret = Lattice("sex age race marital-status education workclass".split(), "occupation")
rules = {
    "distinct 3": lambda sizes, shares: (sizes >= 5) & ((shares > 0).sum(axis=1) >= 3),
    "entropy 4": lambda sizes, shares: (sizes >= 5) & (entropies(shares) >= np.log(4) - 1e-9),
    "recursive 3 4": lambda sizes, shares: (sizes >= 5) & recursive(shares, 3, 4),
    "equal 0.35": lambda sizes, shares: (sizes >= 5) & (distances(shares) <= 0.35 + 1e-9),
}
guarded = search(
    secret, {f"{name} {limit}": (name, holds, limit) for name, holds in rules.items() for limit in [0, 0.02]}
)


def measured(lattice, node, sensitive):
    """What pyCANON says of the whole table at a node."""
    table = pd.DataFrame(
        {
            column: [lattice.hierarchies[at][level][lattice.values[at][code]] for code in lattice.codes[:, at]]
            for at, (column, level) in enumerate(zip(lattice.quasi, node))
        }
    )
    table[sensitive] = lattice.secrets[lattice.sensitive]
    c, l = anonymity.recursive_c_l_diversity(table, lattice.quasi, [sensitive])
    return {
        "k": anonymity.k_anonymity(table, lattice.quasi),
        "l": anonymity.l_diversity(table, lattice.quasi, [sensitive]),
        "entropy": anonymity.entropy_l_diversity(table, lattice.quasi, [sensitive]),
        "recursive": {"c": float(c), "l": int(l)},
        "t": float(anonymity.t_closeness(table, lattice.quasi, [sensitive])),
    }


pycanon = [
    {"asked": name, "levels": entry["loss"]["nodes"][0]["levels"], **measured(secret, entry["loss"]["nodes"][0]["levels"], "occupation")}
    for name, entry in guarded.items()
    if name.endswith(" 0")
]

recorded = {
    "versions": {name: version(name) for name in ["numpy", "pandas", "pycanon"]},
    "anonymity": {"quasi": people.quasi, "found": found},
    "guarded": {"quasi": secret.quasi, "sensitive": "occupation", "k": 5, "found": guarded, "pycanon": pycanon},
}
with open(output, "w", encoding="utf-8") as file:
    file.write(json.dumps(recorded, indent=1) + "\n")
