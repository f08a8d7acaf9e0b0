"""Records what the tests of this room expect, from NumPy, SciPy, statsmodels and integers of Python, which have no end.

    pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
    python record.py > vectors.json
"""

import hashlib
import json
import math
import sys

import numpy
import scipy
import scipy.stats
import statsmodels
from statsmodels.stats.proportion import proportion_confint

MASK = 2**64 - 1


def rotl(x, k):
    return ((x << k) | (x >> (64 - k))) & MASK


class Xoshiro256:
    """https://prng.di.unimi.it/xoshiro256starstar.c, line by line."""

    def __init__(self, seed):
        self.s = [int.from_bytes(seed[8 * i : 8 * i + 8], "little") for i in range(4)]

    def next(self):
        s = self.s
        result = (rotl((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)
        return result


class Random:
    def __init__(self, key):
        self.key = key
        self.bits = Xoshiro256(key)
        self.spare = None

    @staticmethod
    def of(seed):
        return Random(hashlib.sha256(b"holdfast/random/seed\n" + str(seed).encode()).digest())

    def fork(self, name):
        return Random(hashlib.sha256(b"holdfast/random/fork\n" + self.key + name.encode()).digest())

    def uniform(self):
        return (self.bits.next() >> 11) / 2**53

    def uniform24(self):
        return (self.bits.next() >> 40) / 2**24

    def integer(self, below):
        while True:
            product = (self.bits.next() >> 32) * below
            if product % 2**32 >= 2**32 % below:
                return product >> 32

    def normal(self):
        if self.spare is not None:
            spare, self.spare = self.spare, None
            return spare
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        angle = 2 * math.pi * self.uniform()
        self.spare = radius * math.sin(angle)
        return radius * math.cos(angle)

    def shuffle(self, items):
        for last in range(len(items) - 1, 0, -1):
            chosen = self.integer(last + 1)
            items[last], items[chosen] = items[chosen], items[last]
        return items


def streams():
    for seed in [7, "7", "holdfast", "", "Grüße", 9007199254740991]:
        drawn = Random.of(seed)
        belows = [1, 2, 3, 10, 255, 1000003, 2**31 + 1, 2**32 - 1, 2**32, 3 * 2**30]
        yield {
            "seed": seed,
            "uniforms": [drawn.uniform() for _ in range(8)],
            "belows": belows,
            "integers": [drawn.integer(below) for below in belows * 3],
            "normals": [drawn.normal() for _ in range(5)],
            "forked": [Random.of(seed).fork("a").fork("b").uniform() for _ in range(1)],
            "shuffled": Random.of(seed).shuffle(list(range(20))),
            "uniforms24": [Random.of(seed).uniform24()],
        }


def binomials():
    cases = [(0, 1), (1, 1), (0, 10), (1, 10), (5, 10), (10, 10), (93, 100), (1, 1000), (512, 1000), (9999, 10000), (123456, 1000000)]
    for successes, trials in cases:
        for confidence in [0.5, 0.9, 0.95, 0.99, 0.999]:
            yield {
                "successes": successes,
                "trials": trials,
                "confidence": confidence,
                "wilson": [float(end) for end in proportion_confint(successes, trials, 1 - confidence, "wilson")],
                "clopper-pearson": [float(end) for end in proportion_confint(successes, trials, 1 - confidence, "beta")],
            }


def means():
    for values in [[1.0, 2.0], [1.0, 2.0, 3.0, 4.0], [0.1 * k * k - 3 for k in range(31)], [1e8 + k / 7 for k in range(40)]]:
        for confidence in [0.5, 0.9, 0.95, 0.999]:
            interval = scipy.stats.t.interval(confidence, len(values) - 1, numpy.mean(values), scipy.stats.sem(values))
            yield {"values": values, "confidence": confidence, "mean": float(numpy.mean(values)), "interval": [float(end) for end in interval]}


def quantiles():
    for values in [[3.5], [4.0, 1.0, 3.0, 2.0], [10.0, -2.0, 0.5, 7.25, 7.25], [0.1 * ((k * 37) % 101) for k in range(101)]]:
        for probability in [0, 0.025, 0.25, 0.333, 0.5, 0.9, 0.975, 1]:
            yield {"values": values, "probability": probability, "quantile": float(numpy.quantile(values, probability))}


def bootstrap():
    values = [0.5 * k * k % 7 for k in range(25)]
    random = Random.of("resampling").fork("bootstrap")
    found = []
    for _ in range(500):
        found.append(numpy.median([values[random.integer(len(values))] for _ in values]))
    return {"values": values, "resamples": 500, "seed": "resampling", "confidence": 0.9, "interval": [float(numpy.quantile(found, end)) for end in [0.05, 0.95]]}


def distributions():
    for p in [1e-300, 1e-20, 1e-9, 0.001, 0.02425, 0.3, 0.5, 0.925, 0.999, 1 - 1e-12]:
        yield {"p": p, "z": float(scipy.stats.norm.ppf(p))}


def betas():
    for a, b in [(0.5, 0.5), (0.5, 500), (1, 1), (2, 3), (30, 0.5), (1, 1e6), (1e5, 2e5), (1e6, 3)]:
        for x in [1e-9, 1e-6, 0.01, 0.3, 1 / 3, 0.5, 0.9, 0.999999]:
            yield {"a": a, "b": b, "x": x, "I": float(scipy.special.betainc(a, b, x))}


def gammas():
    for x in [1e-8, 0.5, 1, 1.5, 2, 3.75, 11.999, 12, 100, 12345.5, 1e6, 1e15]:
        yield {"x": x, "logGamma": float(scipy.special.gammaln(x))}


json.dump(
    {
        "recorded with": {"python": sys.version.split()[0], "numpy": numpy.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
        "streams": list(streams()),
        "binomials": list(binomials()),
        "means": list(means()),
        "quantiles": list(quantiles()),
        "bootstrap": bootstrap(),
        "normals": list(distributions()),
        "betas": list(betas()),
        "gammas": list(gammas()),
    },
    sys.stdout,
    ensure_ascii=False,
)
