"""Records what the two-sample tests, distances and adjustments of packages/statistics shall answer, from SciPy and statsmodels.

    python -m venv ~/.cache/holdfast-peers/statistics
    ~/.cache/holdfast-peers/statistics/bin/pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
    ~/.cache/holdfast-peers/statistics/bin/python tools/peers/record-statistics.py > packages/statistics/test/vectors/scipy-1.17.1.json

The samples are not stored: both languages draw them, by the generator of this package and with additions, multiplications, divisions
and roundings only, which IEEE 754 makes the same everywhere: `draw` here, `sample` in packages/statistics/test/recorded-samples.ts.
"""

import hashlib
import json
import math
import sys
import warnings

import numpy
import scipy
import scipy.special
import scipy.stats
import statsmodels
from scipy._lib.array_api_compat import numpy as array_numpy
from scipy.spatial.distance import jensenshannon
from scipy.stats._hypotests import _cdf_cvm_inf, _pval_cvm_2samp_asymptotic, _pval_cvm_2samp_exact
from scipy.stats._ksstats import kolmogn
from statsmodels.stats.multitest import multipletests

MASK = 2**64 - 1


class Random:
    """xoshiro256**, its state the SHA-256 of the seed: what `randomOf` draws."""

    def __init__(self, key):
        self.key = key
        self.state = [int.from_bytes(key[8 * i : 8 * i + 8], "little") for i in range(4)]

    @staticmethod
    def of(seed):
        return Random(hashlib.sha256(b"holdfast/random/seed\n" + str(seed).encode()).digest())

    def fork(self, name):
        return Random(hashlib.sha256(b"holdfast/random/fork\n" + self.key + name.encode()).digest())

    def next(self):
        s = self.state
        x = (s[1] * 5) & MASK
        result = ((((x << 7) | (x >> 57)) & MASK) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = ((s[3] << 45) | (s[3] >> 19)) & MASK
        return result

    def uniform(self):
        return (self.next() >> 11) / 2**53

    def integer(self, below):
        while True:
            product = (self.next() >> 32) * below
            if product % 2**32 >= 2**32 % below:
                return product >> 32

    def shuffle(self, items):
        for last in range(len(items) - 1, 0, -1):
            chosen = self.integer(last + 1)
            items[last], items[chosen] = items[chosen], items[last]
        return items


def bell(random):
    total = 0.0
    for _ in range(12):
        total += random.uniform()
    return total - 6


KINDS = {
    "uniform": lambda random: random.uniform(),
    "bell": bell,
    "heavy": lambda random: (random.uniform() - 0.5) / (random.uniform() + 2**-20),
    "ten": lambda random: float(random.integer(10)),
    "two": lambda random: float(random.integer(2)),
    "quarters": lambda random: math.floor(bell(random) * 4) / 4,
    "huge": lambda random: bell(random) * 1e150,
    "tiny": lambda random: bell(random) * 1e-200,
}


def draw(kind, seed, size, scale, shift):
    random = Random.of(seed)
    unit = {"huge": 1e150, "tiny": 1e-200}.get(kind, 1.0)
    return numpy.array([KINDS[kind](random) * scale + shift * unit for _ in range(size)])


def outcome(test, *more):
    """Statistic and p, or nothing where SciPy refuses."""
    try:
        found = test()
    except ValueError:
        return None
    numbers = [float(found.statistic), float(found.pvalue)]
    return numbers + [each(found) for each in more] if all(map(math.isfinite, numbers)) else None


def kolmogorov_smirnov(a, b):
    """SciPy gives up on p where its rounding errors make it larger than 1: then the ways that reach D are counted in whole numbers."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = scipy.stats.ks_2samp(a, b)
    p = float(found.pvalue)
    if any("Exact calculation unsuccessful" in str(each.message) for each in caught):
        n, m = len(a), len(b)
        steps = round(found.statistic * math.lcm(n, m))
        ways = [[0] * (m + 1) for _ in range(n + 1)]
        for x in range(n + 1):
            for y in range(m + 1):
                inside = abs(x * math.lcm(n, m) // n - y * math.lcm(n, m) // m) < steps
                before = 1 if x == y == 0 else (ways[x - 1][y] if x else 0) + (ways[x][y - 1] if y else 0)
                ways[x][y] = before if inside else 0
        p = 1 - ways[n][m] / math.comb(n + m, n)
    return [float(found.statistic), p, int(found.statistic_sign)]


def cramer_von_mises(a, b):
    """With ties SciPy's midranks make any two samples of unequal size differ: then the mean way of all orders of equal values."""
    n, m = len(a), len(b)
    if min(n, m) < 2:
        return None
    values, places = numpy.unique(numpy.concatenate([a, b]), return_inverse=True)
    if len(values) == n + m:
        return outcome(lambda: scipy.stats.cramervonmises_2samp(a, b))
    tied = numpy.bincount(places)
    steps = numpy.bincount(places[:n], minlength=len(values)) / n - numpy.bincount(places[n:], minlength=len(values)) / m
    path = numpy.cumsum(numpy.repeat(steps / tied, tied))
    t = float(n * m / (n + m) ** 2 * numpy.sum(path**2))
    if max(n, m) <= 20:
        u = (t + (4 * n * m - 1) / (6 * (n + m))) * n * m * (n + m) + 1e-8
        return [t, float(_pval_cvm_2samp_exact(u, n, m))]
    return [t, float(_pval_cvm_2samp_asymptotic(numpy.array([t]), n + m, n, m, n * m, xp=array_numpy)[0])]


def epps_singleton(a, b):
    """Where few different values make the covariance singular, SciPy inverts rounding errors: then NumPy inverts what is above them."""
    found = outcome(lambda: scipy.stats.epps_singleton_2samp(a, b))
    if found is None:
        return None
    n, m = len(a), len(b)
    unit = scipy.stats.iqr(numpy.concatenate([a, b])) / 2
    waves = [numpy.array([numpy.cos(0.4 * x / unit), numpy.cos(0.8 * x / unit), numpy.sin(0.4 * x / unit), numpy.sin(0.8 * x / unit)]) for x in (a, b)]
    covariance = (n + m) / n * numpy.cov(waves[0], bias=True) + (n + m) / m * numpy.cov(waves[1], bias=True)
    values = numpy.abs(numpy.linalg.eigvalsh(covariance))
    rank = int((values > 1e-11 * values.max()).sum())
    if rank < 4:
        difference = waves[0].mean(axis=1) - waves[1].mean(axis=1)
        w = (n + m) * difference @ numpy.linalg.pinv(covariance, rcond=1e-11, hermitian=True) @ difference
        if max(n, m) < 25:
            w /= 1 + (n + m) ** -0.45 + 10.1 * (n**-1.7 + m**-1.7)
        found = [float(w), float(scipy.stats.chi2.sf(w, rank))]
    return [*found, rank]


def sample_case(number, kind, sizes, scale, shift):
    a = draw(kind, f"a{number}", sizes[0], 1.0, 0.0)
    b = draw(kind, f"b{number}", sizes[1], scale, shift)
    pooled = sum(sizes)
    return {
        "number": number,
        "kind": kind,
        "sizes": sizes,
        "scale": scale,
        "shift": shift,
        "kolmogorovSmirnov": kolmogorov_smirnov(a, b),
        "cramerVonMises": cramer_von_mises(a, b),
        "andersonDarling": outcome(lambda: scipy.stats.anderson_ksamp([a, b], variant="midrank")) if pooled > 3 else None,
        "mannWhitney": outcome(lambda: scipy.stats.mannwhitneyu(a, b)),
        "eppsSingleton": epps_singleton(a, b),
        "wasserstein": float(scipy.stats.wasserstein_distance(a, b)),
        "energyDistance": float(scipy.stats.energy_distance(a, b)),
        "cliffsDelta": float(numpy.mean([numpy.mean(numpy.sign(x - b)) for x in a])),
        "cohensD": cohens_d(a, b),
        "standardisedMeanDifference": smd(a, b),
    }


def cohens_d(a, b):
    if min(len(a), len(b)) < 2:
        return None
    pooled = ((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / (len(a) + len(b) - 2)
    return float((a.mean() - b.mean()) / math.sqrt(pooled)) if 0 < pooled < math.inf else None


def smd(a, b):
    if min(len(a), len(b)) < 2:
        return None
    variance = (a.var(ddof=1) + b.var(ddof=1)) / 2
    return float((a.mean() - b.mean()) / math.sqrt(variance)) if 0 < variance < math.inf else None


SMALL = [(1, 1), (1, 2), (2, 1), (2, 2), (1, 5), (3, 4), (5, 5), (6, 5), (5, 8), (7, 7), (8, 8), (8, 9), (9, 9), (40, 8), (10, 10),
         (12, 18), (13, 17), (20, 20), (20, 19), (21, 20), (24, 24), (25, 25), (24, 26), (30, 50), (50, 50), (100, 70), (100, 101)]
LARGE = [(3, 5000), (8, 2000), (141, 300), (200, 1000), (999, 1000), (1000, 1000), (5000, 4000), (5000, 5000)]
CHANGES = {"uniform": [(1.0, 0.0), (1.0, 0.3)], "bell": [(1.0, 0.0), (1.0, 0.8), (2.0, 0.0)], "heavy": [(1.0, 0.0), (3.0, 0.0)],
           "ten": [(1.0, 0.0), (1.0, 2.0)], "two": [(1.0, 0.0), (1.0, 1.0)], "quarters": [(1.0, 0.25), (1.5, 0.0)],
           "huge": [(1.0, 0.5)], "tiny": [(1.0, 0.5)]}


def samples():
    number = 0
    for sizes in SMALL:
        for kind, changes in CHANGES.items():
            for scale, shift in changes:
                yield sample_case(number, kind, sizes, scale, shift)
                number += 1
    for sizes in LARGE:
        for kind, scale, shift in [("uniform", 1.0, 0.0), ("uniform", 1.0, 0.02), ("bell", 1.1, 0.05), ("heavy", 1.0, 0.1),
                                   ("ten", 1.0, 0.0), ("quarters", 1.0, 0.25), ("bell", 1.0, 4.0), ("uniform", 1.0, 2.0)]:
            yield sample_case(number, kind, sizes, scale, shift)
            number += 1
    # Beyond 10,000 values p of Kolmogorov–Smirnov is that of one sample, of few values or many.
    for sizes in [(10001, 1), (10001, 2), (10001, 7), (10001, 60), (10001, 139), (150, 10001), (10001, 900), (12000, 12001)]:
        for scale, shift in [(1.0, 0.0), (1.0, 0.03), (1.0, 0.4)]:
            yield sample_case(number, "uniform", sizes, scale, shift)
            number += 1


def counts():
    random = Random.of("counts")
    for categories in [1, 2, 3, 5, 10, 40, 1000]:
        for most in [3, 20, 100000]:
            for _ in range(4):
                a = [random.integer(most + 1) for _ in range(categories)]
                b = [random.integer(most + 1) for _ in range(categories)]
                a[0] += 1
                b[0] += 1
                yield a, b


def count_case(a, b):
    table = numpy.array([a, b])
    table = table[:, table.sum(axis=0) > 0]
    test = scipy.stats.chi2_contingency(table, correction=False)
    p, q = numpy.array(a) / sum(a), numpy.array(b) / sum(b)
    divergence = float(scipy.stats.entropy(a, b))
    small_p = numpy.where(numpy.array(a) == 0, 0.5 / sum(a), p)
    small_q = numpy.where(numpy.array(b) == 0, 0.5 / sum(b), q)
    some = numpy.array(a) + numpy.array(b) > 0
    return {
        "a": a,
        "b": b,
        "chiSquare": [float(test.statistic), float(test.pvalue), int(test.dof), int((test.expected_freq < 5).sum()), float(test.expected_freq.min())],
        "cramersV": float(scipy.stats.contingency.association(table, "cramer", correction=False)) if table.shape[1] > 1 else 0.0,
        "jensenShannon": float(jensenshannon(a, b, base=2)),
        "kullbackLeibler": divergence if math.isfinite(divergence) else None,
        "populationStability": float(numpy.sum(((small_p - small_q) * numpy.log(small_p / small_q))[some])),
        "hellinger": float(numpy.linalg.norm(numpy.sqrt(p) - numpy.sqrt(q)) / math.sqrt(2)),
        "totalVariation": float(scipy.spatial.distance.cityblock(p, q) / 2),
        "chebyshev": float(scipy.spatial.distance.chebyshev(p, q)),
    }


def adjustments():
    random = Random.of("adjustments")
    lists = [[0.04], [0.5, 0.5], [0.0, 1.0], [0.01, 0.04, 0.03]]
    for size in [2, 5, 20, 200]:
        for power in [1, 4]:
            lists.append([random.uniform() ** power for _ in range(size)])
        lists.append([random.integer(20) / 20 for _ in range(size)])
    for ps in lists:
        case = {"ps": ps, "benjamini-hochberg": list(map(float, scipy.stats.false_discovery_control(ps, method="bh"))),
                "benjamini-yekutieli": list(map(float, scipy.stats.false_discovery_control(ps, method="by")))}
        for name, method in [("bonferroni", "bonferroni"), ("holm", "holm")]:
            case[name] = list(map(float, multipletests(ps, method=method)[1]))
        for name, method in [("benjamini-hochberg", "fdr_bh"), ("benjamini-yekutieli", "fdr_by")]:
            assert numpy.allclose(case[name], multipletests(ps, method=method)[1], rtol=1e-12)
        yield case


def anderson_permutations():
    for number, sizes, kind, shift in [(0, (5, 6), "bell", 1.0), (1, (12, 9), "ten", 2.0), (2, (30, 40), "uniform", 0.05)]:
        a = draw(kind, f"permuted a{number}", sizes[0], 1.0, 0.0)
        b = draw(kind, f"permuted b{number}", sizes[1], 1.0, shift)
        order = numpy.argsort(numpy.concatenate([a, b]), kind="stable")
        pooled = numpy.concatenate([a, b])[order]
        labels = [int(place < len(a)) for place in order]
        # Within equal values those of the first sample come first, as the stable order has them.
        statistic = lambda of: scipy.stats.anderson_ksamp([pooled[numpy.array(of) == 1], pooled[numpy.array(of) == 0]], variant="midrank").statistic
        seen = statistic(labels)
        random = Random.of(7).fork("anderson-darling")
        extreme = sum(statistic(random.shuffle(labels)) >= seen - 1e-10 for _ in range(199))
        yield {"number": number, "sizes": sizes, "kind": kind, "shift": shift, "permutations": 199, "seed": 7, "p": (1 + extreme) / 200}


def median_bandwidth(a, b):
    pooled = numpy.concatenate([a, b])
    distances = numpy.abs(pooled[:, None] - pooled[None, :])[numpy.triu_indices(len(pooled), 1)]
    return float(numpy.median(distances[distances > 0]))


def gram(x, y, bandwidth):
    return numpy.exp(-((x[:, None] - y[None, :]) ** 2) / (2 * bandwidth**2))


def unbiased(a, b, bandwidth):
    within = lambda x: (gram(x, x, bandwidth).sum() - len(x)) / (len(x) * (len(x) - 1))
    return float(within(a) + within(b) - 2 * gram(a, b, bandwidth).mean())


def quadratic_discrepancies():
    for number, sizes, kind, shift in [(0, (2, 2), "bell", 1.0), (1, (8, 9), "ten", 2.0), (2, (40, 25), "uniform", 0.1), (3, (300, 200), "heavy", 0.2)]:
        a = draw(kind, f"discrepancy a{number}", sizes[0], 1.0, 0.0)
        b = draw(kind, f"discrepancy b{number}", sizes[1], 1.0, shift)
        bandwidth = median_bandwidth(a, b)
        seen = unbiased(a, b, bandwidth)
        small, large = sorted((numpy.sort(a), numpy.sort(b)), key=len)
        pooled = numpy.concatenate([small, large])
        order = list(range(len(pooled)))
        random = Random.of(7).fork("maximum-mean-discrepancy").fork("permutations")
        extreme = 0
        for _ in range(99):
            random.shuffle(order)
            dealt = pooled[numpy.array(order)]
            extreme += unbiased(dealt[: len(small)], dealt[len(small) :], bandwidth) >= seen - 1e-11
        yield {"number": number, "sizes": sizes, "kind": kind, "shift": shift, "permutations": 99, "seed": 7,
               "bandwidth": bandwidth, "statistic": seen, "p": (1 + int(extreme)) / 100}


def block_discrepancies():
    for number, sizes, kind, shift in [(0, (1001, 1001), "uniform", 0.02), (1, (1500, 1100), "ten", 0.0)]:
        random = Random.of(7).fork("maximum-mean-discrepancy")
        a = numpy.sort(draw(kind, f"block a{number}", sizes[0], 1.0, 0.0)).tolist()
        b = numpy.sort(draw(kind, f"block b{number}", sizes[1], 1.0, shift)).tolist()
        pairs = min(sizes)
        a = numpy.array(random.fork("first sample").shuffle(a)[:pairs])
        b = numpy.array(random.fork("second sample").shuffle(b)[:pairs])
        bandwidth = median_bandwidth(a, b)
        blocks = []
        for begin in range(0, pairs, 64):
            x, y = a[begin : begin + 64], b[begin : begin + 64]
            cross = gram(x, y, bandwidth)
            contrast = gram(x, x, bandwidth) + gram(y, y, bandwidth) - cross - cross.T
            numpy.fill_diagonal(contrast, 0)
            blocks.append(contrast)
        size = sum(len(block) * (len(block) - 1) for block in blocks)
        signed = lambda signs: sum(signs[64 * k : 64 * k + len(block)] @ block @ signs[64 * k : 64 * k + len(block)] for k, block in enumerate(blocks)) / size
        seen = signed(numpy.ones(pairs))
        deal = random.fork("permutations")
        extreme = 0
        for _ in range(99):
            bits = [deal.integer(2**32) for _ in range(-(-pairs // 32))]
            signs = numpy.array([1.0 if (bits[i // 32] >> (i % 32)) & 1 else -1.0 for i in range(pairs)])
            extreme += signed(signs) >= seen - 1e-12
        yield {"number": number, "sizes": sizes, "kind": kind, "shift": shift, "permutations": 99, "seed": 7,
               "bandwidth": bandwidth, "statistic": float(seen), "p": (1 + int(extreme)) / 100}


def special():
    grid = lambda function, *axes: [[*map(float, point), float(function(*point))] for point in numpy.array(numpy.meshgrid(*axes)).reshape(len(axes), -1).T]
    yield "kolmogorov", [
        [n, d, float(kolmogn(n, d, cdf=False))]
        for n in [1, 2, 3, 10, 50, 139, 140, 141, 500, 5000, 99999, 100001, 3000000]
        for d in [z / math.sqrt(n) for z in [0.05, 0.2, 0.4, 0.5, 0.6, 0.8, 0.87, 1.0, 1.3, 1.48, 1.49, 1.9, 2.1, 3, 6]] + [0.3, 0.5, 0.7, 0.99]
        if 0 < d < 1
    ]
    yield "smirnov", [[n, d, float(scipy.special.smirnov(n, d))] for n in [1, 2, 5, 30, 400, 20000, 1000001] for d in [1e-3, 0.01, 0.1, 0.4, 0.8]] + [[1000000, 0.0015, float(scipy.special.smirnov(1000000, 0.0015))]]
    yield "chiSquare", [
        [x, k, float(scipy.stats.chi2.sf(x, k))]
        for k in [1, 2, 3, 4, 7, 29, 30, 100, 999, 12345, 1000000]
        for x in [k * f for f in [0.01, 0.3, 0.9, 0.999, 1, 1.01, 1.2, 2, 5]] + [1e-9, 50.0, 700.0]
    ]
    yield "normal", [[z, float(scipy.stats.norm.sf(z))] for z in [-40, -8, -1.5, -1e-3, 0, 1e-9, 0.3, 1, 1.7, 1.8, 3, 5, 10, 25, 37]]
    yield "bessel", grid(lambda nu, x: scipy.special.kve(nu, x), [0.25, 0.75], [1e-5, 1e-3, 0.1, 1, 2, 10, 100, 700])
    yield "cramerVonMises", [[x, float(1 - _cdf_cvm_inf(numpy.array([float(x)]))[0])] for x in [0.003, 0.01, 0.03, 0.1, 1 / 6, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5]]


def lines(items):
    return "[\n" + ",\n".join("    " + json.dumps(item, allow_nan=False) for item in items) + "\n  ]"


warnings.simplefilter("ignore")
numpy.seterr(all="ignore")
versions = {"python": sys.version.split()[0], "numpy": numpy.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
sections = {
    "samples": samples(),
    "counts": (count_case(a, b) for a, b in counts()),
    "adjustments": adjustments(),
    "andersonPermutations": anderson_permutations(),
    "quadraticDiscrepancies": quadratic_discrepancies(),
    "blockDiscrepancies": block_discrepancies(),
    **dict(special()),
}
body = ",\n".join(f"  {json.dumps(name)}: {lines(items)}" for name, items in sections.items())
print(f'{{\n  "recorded with": {json.dumps(versions)},\n{body}\n}}')
