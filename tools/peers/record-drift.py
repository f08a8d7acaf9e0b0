"""Records what SciPy, scikit-learn, statsmodels and NumPy say about real tables held against each other, for
packages/data/test/drift/recorded.json.

Run with the environment of requirements-data.txt: python tools/peers/record-drift.py [FOLDER OF THE TABLES]

No value of a row is recorded: statistics, p-values and sizes only. Tables are split by the numbers of their lines, or by a label,
as packages/data/test/drift/table-pairs.ts does it.
"""

import json
import math
import re
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial.distance import cdist, jensenshannon, pdist
from scipy.stats._hypotests import _cdf_cvm_inf
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from statsmodels.stats.multitest import multipletests

root = Path(__file__).parents[2]
folder = Path(sys.argv[1]) if len(sys.argv) > 1 else root.parent / "shared/data"
permutations = 999
census = (
    "age workclass fnlwgt education education-num marital-status occupation relationship race sex capital-gain capital-loss "
    "hours-per-week native-country income"
).split()


def lines(name, has_names=False, **options):
    """The table as texts, a missing value as NaN."""
    read = dict(header=None, dtype=str, keep_default_na=False, na_values=[""], skip_blank_lines=True) | options
    return pd.read_csv(folder / name, skiprows=1 if has_names else 0, **read)


def trimmed(name):
    table = lines(name).apply(lambda column: column.str.strip())
    return table.mask(table == "?").set_axis(census, axis=1)


def halves(table):
    return table.iloc[0::2], table.iloc[1::2]


def by_label(table, label):
    """The rows of one label, which stands in the last column, without it."""
    last = table.columns[-1]
    return table[table[last] == label].drop(columns=last)


def pairs():
    """(current, reference) by the name of the pair."""
    yield "census", trimmed("adult-test.csv"), trimmed("adult-train.csv")
    german = lines("german.csv")
    yield "german", german.iloc[600:], german.iloc[:600]
    pima = lines("pima-indians-diabetes.csv")
    yield "pima", by_label(pima, "1"), by_label(pima, "0")
    sonar = lines("sonar.csv")
    yield "sonar", by_label(sonar, "M"), by_label(sonar, "R")
    yield "sonar-halves", *halves(sonar)
    yield "compas", *halves(lines("compas-two-years.csv", has_names=True))


def parsed(column):
    """Numbers as they are, dates and times as seconds; else nothing."""
    texts = column.dropna()
    if len(texts) == 0:
        return None
    if texts.str.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?").all():
        return column.astype(float)
    if texts.str.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?").all():
        return (pd.to_datetime(column, format="mixed") - pd.Timestamp(0)).dt.total_seconds()
    return None


def test_of(result):
    return [float(result.statistic), float(result.pvalue)]


def attempt(work):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return work()
    except ValueError:
        return None


def anderson(a, b):
    """The statistic, and p: of many values that of the table, of few by permutation."""
    found = stats.anderson_ksamp([a, b])
    if len(a) + len(b) > 10_000:
        return test_of(found)
    random = np.random.default_rng(6)
    pooled = np.concatenate([a, b])
    # with the places of the values instead of them: what the statistic looks at is their order and their ties
    order = np.argsort(pooled, kind="stable")
    ordered = pooled[order]
    is_first = (order < len(a)).astype(float)
    ends = np.searchsorted(ordered, np.unique(ordered), side="right")
    begins = np.concatenate([[0], ends[:-1]])
    tied, rank = ends - begins, begins + (ends - begins) / 2
    n, m, total = len(a), len(b), len(pooled)
    weight = tied / np.where((bottom := rank * (total - rank) - total * tied / 4) > 0, bottom, np.inf)

    def squared(first):
        sums = np.concatenate([[0], np.cumsum(first)])
        below = (sums[begins] + sums[ends]) / 2
        return float((weight * ((total * below - rank * n) ** 2 / n + (rank * n - total * below) ** 2 / m)).sum())

    seen = squared(is_first)
    extreme = sum(squared(random.permutation(is_first)) >= seen * (1 - 1e-12) for _ in range(permutations))
    return [float(found.statistic), (1 + extreme) / (1 + permutations)]


def cramer(a, b):
    """SciPy's where all values differ. Its midranks tell samples of unequal size apart that repeat a few values, even the same ones:
    there T = nm / N² Σ (F − G)², with as many even steps from one value to the next as are equal; p from SciPy's distribution."""
    pooled = np.concatenate([a, b])
    values, counts = np.unique(pooled, return_counts=True)
    if len(values) == len(pooled):
        return test_of(stats.cramervonmises_2samp(a, b))
    n, m, total = len(a), len(b), len(pooled)
    gaps = [np.searchsorted(np.sort(each), values, side="right") / len(each) for each in [a, b]]
    ends = np.concatenate([[0], np.cumsum(counts)])
    steps = np.interp(np.arange(1, total + 1), ends, np.concatenate([[0], gaps[0] - gaps[1]]))
    t = n * m / total**2 * (steps**2).sum()
    mean = (1 + 1 / total) / 6
    variance = (total + 1) * (4 * n * m * total - 3 * (n**2 + m**2) - 2 * n * m) / (45 * total**2 * 4 * n * m)
    normalised = 1 / 6 + (t - mean) / np.sqrt(45 * variance)
    return [float(t), 1.0 if normalised < 0.003 else float(max(0, 1 - _cdf_cvm_inf(normalised)))]


def epps(a, b):
    """SciPy's where five values or more differ; of fewer the covariance has no inverse, and SciPy's pseudo-inverse takes rounding for
    a part of it: there NumPy's, with a cutoff far above rounding."""
    found = stats.epps_singleton_2samp(a, b)
    if len(np.unique(np.concatenate([a, b]))) >= 5:
        return test_of(found)
    n, m = len(a), len(b)
    low, high = np.quantile(np.concatenate([a, b]), [0.25, 0.75])
    angles = np.array([0.4, 0.8]) / ((high - low) / 2)
    waves = [np.vstack([np.cos(np.outer(angles, each)), np.sin(np.outer(angles, each))]) for each in [a, b]]
    covariance = sum((n + m) / each.shape[1] * np.cov(each, bias=True) for each in waves)
    difference = waves[0].mean(axis=1) - waves[1].mean(axis=1)
    w = (n + m) * difference @ np.linalg.pinv(covariance, rcond=1e-8, hermitian=True) @ difference
    return [float(w), float(stats.chi2.sf(w, np.linalg.matrix_rank(covariance, tol=1e-8)))]


def bins(a, b):
    """Deciles of the reference, equal ones once, (−∞, e₁], (e₁, e₂] …; what lies below its least value by itself."""
    edges = np.unique(np.quantile(b, np.arange(1, 10) / 10))
    if edges[0] == b.min():
        edges = np.concatenate([[np.nextafter(edges[0], -np.inf)], edges])

    def counts(values):
        return np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)

    return counts(a), counts(b)


def of_counts(now, before):
    p, q = now / now.sum(), before / before.sum()
    half, half_before = [np.where(counts == 0, 0.5, counts) for counts in [now, before]]
    some = (now > 0) | (before > 0)
    s, t = half[some] / now.sum(), half_before[some] / before.sum()
    return {
        "psi": float(((s - t) * np.log(s / t)).sum()),
        "js": float(jensenshannon(p, q, 2)),
        "hellinger": float(np.sqrt(((np.sqrt(p) - np.sqrt(q)) ** 2).sum() / 2)),
        "tvd": float(np.abs(p - q).sum() / 2),
        "linf": float(np.abs(p - q).max()),
        "kl": float(stats.entropy(half, half_before)),
    }


def numeric(a, b):
    tests = {
        "Kolmogorov–Smirnov": attempt(lambda: test_of(stats.ks_2samp(a, b))),
        "Cramér–von Mises": attempt(lambda: cramer(a, b)),
        "Anderson–Darling": attempt(lambda: anderson(a, b)),
        "Mann–Whitney": attempt(lambda: test_of(stats.mannwhitneyu(a, b))),
        "Epps–Singleton": attempt(lambda: epps(a, b)),
    }
    moved, spread = float(stats.wasserstein_distance(a, b)), float(np.std(b, ddof=1))
    effects = {
        "ks": tests["Kolmogorov–Smirnov"][0],
        "cliffs_delta": 2 * tests["Mann–Whitney"][0] / (len(a) * len(b)) - 1,
        **of_counts(*bins(a, b)),
        "wasserstein": moved,
        **({"wasserstein_sd": moved / spread} if spread > 0 else {}),
        "energy": float(stats.energy_distance(a, b)),
    }
    return {name: test for name, test in tests.items() if test is not None}, effects


def pooled(now, before):
    """Categories that expect fewer than 5 in the smaller table as one, and with it the rarest others until it expects 5."""
    smaller = min(now.sum(), before.sum()) / (now.sum() + before.sum())
    order = np.argsort(-(now + before), kind="stable")
    expected = ((now + before) * smaller)[order]
    kept = int((expected >= 5).sum())
    while 0 < expected[kept:].sum() < 5 and kept > 1:
        kept -= 1
    groups = [[at] for at in order[:kept]] + ([list(order[kept:])] if expected[kept:].sum() > 0 else [])
    return [np.array([counts[group].sum() for group in groups]) for counts in [now, before]]


def categorical(a, b):
    values = sorted(set(a) | set(b))
    now, before = [column.value_counts().reindex(values, fill_value=0).to_numpy() for column in [a, b]]
    if now.sum() == 0 or before.sum() == 0:
        return {}, {}
    tests, name = {}, "chi-square"
    if len(values) == 1:
        tests[name], v = [0.0, 1.0], 0.0
    else:
        whole = stats.chi2_contingency([now, before], correction=False)
        v = float(stats.contingency.association(np.array([now, before]), "cramer"))
        expected, found = whole.expected_freq, whole
        if (expected < 5).sum() > 0.2 * expected.size or expected.min() < 1:
            some = pooled(now, before)
            if len(some[0]) == 1:
                tests[name] = [0.0, 1.0]
            else:
                found = stats.chi2_contingency(some, correction=False)
                least = found.expected_freq
                if len(some[0]) == 2 and ((least < 5).sum() > 0.2 * least.size or least.min() < 1):
                    name = "Fisher"
                    tests[name] = [float(found.statistic), float(stats.fisher_exact(some).pvalue)]
        tests.setdefault(name, test_of(found))
    return tests, {"cramers_v": v, **of_counts(now, before)}


def missing(a, b):
    """Share now, share before, p, h of Cohen."""
    counts = np.array([[a.isna().sum(), a.notna().sum()], [b.isna().sum(), b.notna().sum()]])
    if counts[:, 0].sum() == 0:
        return None
    shares = counts[:, 0] / counts.sum(axis=1)
    if counts[:, 1].sum() == 0:
        p = 1.0
    elif stats.contingency.expected_freq(counts).min() < 5:
        p = float(stats.fisher_exact(counts).pvalue)
    else:
        p = float(stats.chi2_contingency(counts, correction=False).pvalue)
    h = 2 * math.asin(math.sqrt(shares[0])) - 2 * math.asin(math.sqrt(shares[1]))
    return [float(shares[0]), float(shares[1]), p, h]


def discrepancy(a, b):
    """MMD², unbiased, of ranks, by all pairs; σ the median of all distances that are not 0."""
    pooled = np.vstack([a, b])
    ranks = np.column_stack([(stats.rankdata(column) - 0.5) / len(column) for column in pooled.T])
    distances = pdist(ranks)
    sigma = np.median(distances[distances > 0])
    kernel = np.exp(-cdist(ranks, ranks, "sqeuclidean") / (2 * sigma**2))
    np.fill_diagonal(kernel, 0)
    n, m = len(a), len(b)

    def squared(first):
        one, other = np.where(first)[0], np.where(~first)[0]
        within, beyond = kernel[np.ix_(one, one)].sum(), kernel[np.ix_(other, other)].sum()
        return within / (n * (n - 1)) + beyond / (m * (m - 1)) - 2 * kernel[np.ix_(one, other)].mean()

    first = np.arange(n + m) < n
    random, seen = np.random.default_rng(6), squared(first)
    extreme = sum(squared(random.permutation(first)) >= seen - 1e-12 for _ in range(permutations))
    return {"statistic": float(seen), "p": (1 + extreme) / (1 + permutations)}


def told_apart(current, reference, kinds):
    """The area under the curve of scikit-learn's boosted trees, half by half, on up to 2,000 rows of each: mean and extremes."""
    areas = []
    for seed in range(5):
        parts = [table.sample(min(len(table), 2000), random_state=seed) for table in [current, reference]]
        both = pd.concat(parts, ignore_index=True)
        columns = {}
        for name, kind in kinds.items():
            codes = both[name].astype("category").cat.codes
            # scikit-learn takes 255 categories; the rarest have one code together
            rank = codes.map(codes.value_counts().rank(method="first", ascending=False)).clip(upper=250)
            columns[name] = parsed(both[name]) if kind == "numeric" else rank.where(codes >= 0)
        features = pd.DataFrame(columns)
        features.columns = [str(name) for name in features.columns]
        is_current = np.arange(len(both)) < len(parts[0])
        model = HistGradientBoostingClassifier(
            **dict(max_iter=50, learning_rate=0.2, max_depth=2, l2_regularization=5, min_samples_leaf=5),
            categorical_features=[kinds[name] == "categorical" for name in columns],
            random_state=seed,
        )
        folds = StratifiedKFold(2, shuffle=True, random_state=100 + seed)
        scores = cross_val_predict(model, features.to_numpy(dtype=float), is_current, cv=folds, method="decision_function")
        halves = [roc_auc_score(is_current[held], scores[held]) for _, held in folds.split(scores, is_current)]
        areas.append(float(np.mean(halves)))
    return [min(areas), float(np.mean(areas)), max(areas)]


def areas():
    """Scores with ties and without: the area, its variance by the definition of DeLong, and p of Mann and Whitney (one-sided)."""
    random = np.random.default_rng(6)
    for n, m, scale in [(20, 30, 1e6), (40, 25, 3), (15, 200, 1), (60, 60, 10), (2, 3, 2)]:
        one, other = [list((np.round(random.normal(shift, 1, size) * scale) / scale).tolist()) for shift, size in [(0.4, n), (0, m)]]
        wins = (np.greater.outer(one, other) + 0.5 * np.equal.outer(one, other)).astype(float)
        greater = stats.mannwhitneyu(one, other, alternative="greater", use_continuity=False, method="asymptotic")
        yield {
            **{"current": one, "reference": other},
            "auc": float(roc_auc_score([1] * n + [0] * m, one + other)),
            "variance": float(wins.mean(axis=1).var(ddof=1) / n + wins.mean(axis=0).var(ddof=1) / m),
            "p": float(greater.pvalue),
        }


def record(name, current, reference):
    columns, ps, kinds = [], [], {}
    for column in current.columns:
        a, b = current[column], reference[column]
        both = parsed(pd.concat([a, b]))
        kind = "categorical" if both is None else "numeric"
        kinds[column] = kind
        values = [a.dropna(), b.dropna()] if both is None else [parsed(a).dropna().to_numpy(), parsed(b).dropna().to_numpy()]
        tests, effects = categorical(*values) if both is None else numeric(*values)
        gone = missing(a, b)
        columns.append(
            {
                **{"kind": kind, "values": [len(each) for each in values], "tests": tests, "effects": effects},
                **({} if gone is None else {"missing": gone}),
            }
        )
        ps += [test[1] for test in list(tests.values())[:1]] + ([] if gone is None else [gone[2]])
    adjusted = {
        ours: [float(p) for p in multipletests(ps, method=theirs)[1]]
        for ours, theirs in [("holm", "holm"), ("bh", "fdr_bh"), ("bonferroni", "bonferroni"), ("by", "fdr_by")]
    }
    found = {"rows": [len(current), len(reference)], "columns": columns, "adjusted": adjusted}
    numbers = [column for column, kind in kinds.items() if kind == "numeric"]
    if name in ["pima", "sonar", "sonar-halves"]:
        found["discrepancy"] = discrepancy(*[table[numbers].astype(float).to_numpy() for table in [current, reference]])
    found["auc"] = told_apart(current, reference, kinds)
    return found


recorded = {
    "versions": {each: version(each) for each in ["scipy", "scikit-learn", "numpy", "pandas", "statsmodels"]},
    "pairs": {name: record(name, current, reference) for name, current, reference in pairs()},
    "areas": list(areas()),
}
target = root / "packages/data/test/drift/recorded.json"
target.write_text(json.dumps(recorded, ensure_ascii=False) + "\n")
print(target.stat().st_size, {name: (pair["rows"], pair["auc"], pair.get("discrepancy")) for name, pair in recorded["pairs"].items()})
