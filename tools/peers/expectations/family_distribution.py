"""Quantiles, z-scores, outliers, and the divergence from a partition."""

Q = "expect_column_quantile_values_to_be_between"
KL = "expect_column_kl_divergence_to_be_less_than"
Z = "expect_column_value_z_scores_to_be_less_than"
OUTLIERS = "expect_column_values_to_not_be_outliers"


def write(book):
    quartiles = [0.0, 0.25, 0.5, 0.75, 1.0]
    for table, column in (
        ("mixed", "score"),
        ("mixed", "rank"),
        ("mixed", "age"),
        ("mixed", "price"),
        ("mixed", "seen"),
        ("mixed", "born"),
        ("mixed", "grade"),
        ("mixed", "active"),
        ("single", "score"),
        ("empty", "score"),
        ("nulls", "number"),
        ("nulls", "half"),
        ("infinite", "value"),
        ("numbers", "normal"),
        ("numbers", "skewed"),
        ("numbers", "die"),
        ("numbers", "big"),
        ("numbers", "cost"),
    ):
        for relative in (None, False, True, "lower", "higher", "midpoint", "nearest", "linear"):
            ranges = {"quantiles": quartiles, "value_ranges": [[0, 10], [0, 50], [0, 100], [0, None], [None, None]]}
            if relative in (None, False) or column in ("score", "age", "skewed", "die"):
                book(
                    Q,
                    table,
                    f"{column} {relative}",
                    column=column,
                    quantile_ranges=ranges,
                    **({} if relative is None else {"allow_relative_error": relative}),
                )
    for note, ranges in [
        ("between the values", {"quantiles": [0.1, 0.33, 0.9], "value_ranges": [[-4, 0], [1, 2], [50, 60]]}),
        ("pass", {"quantiles": [0.5], "value_ranges": [[2, 2]]}),
        ("lengths differ", {"quantiles": [0.1, 0.2], "value_ranges": [[0, 1]]}),
        ("wrong way round", {"quantiles": [0.5], "value_ranges": [[3, 1]]}),
        ("none", {"quantiles": [], "value_ranges": []}),
        ("beyond one", {"quantiles": [1.5], "value_ranges": [[0, 1]]}),
        ("a pair too short", {"quantiles": [0.5], "value_ranges": [[1]]}),
    ]:
        book(Q, "mixed", note, column="score", quantile_ranges=ranges)
    z_scores(book)
    divergence(book)


def z_scores(book):
    for table, column in (
        ("mixed", "score"),
        ("mixed", "rank"),
        ("mixed", "age"),
        ("mixed", "grade"),
        ("mixed", "price"),
        ("mixed", "constant"),
        ("numbers", "normal"),
        ("numbers", "skewed"),
        ("numbers", "flat"),
        ("numbers", "cost"),
        ("single", "score"),
        ("empty", "score"),
        ("nulls", "number"),
        ("nulls", "half"),
        ("infinite", "value"),
        ("mixed", "active"),
        ("mixed", "seen"),
    ):
        for threshold in (1, 2.5):
            for double in (True, False):
                book(Z, table, f"{column} {threshold} {double}", column=column, threshold=threshold, double_sided=double)
        for method in (None, "iqr", "std", "mad", "z_score", "nonsense"):
            book(OUTLIERS, table, f"{column} {method}", column=column, **({} if method is None else {"method": method}))
    for mostly in (0.5, 0.9, 0.98, 0.995):
        book(Z, "numbers", f"mostly {mostly}", column="normal", threshold=1, double_sided=True, mostly=mostly)
        book(OUTLIERS, "numbers", f"mostly {mostly}", column="normal", mostly=mostly)
    book(Z, "numbers", "negative threshold, both sides", column="normal", threshold=-2, double_sided=True)
    book(Z, "numbers", "negative threshold, one side", column="normal", threshold=-2, double_sided=False)
    for multiplier in (0, 0.5, 3, -1):
        for method in ("iqr", "std", "mad"):
            book(OUTLIERS, "numbers", f"{method} {multiplier}", column="normal", method=method, multiplier=multiplier)


def divergence(book):
    die = {"values": [1, 2, 3, 4, 5, 6], "weights": [1 / 6] * 6}
    bins = {"bins": [-200, 0, 25, 50, 75, 100, 300], "weights": [0.02, 0.08, 0.4, 0.38, 0.1, 0.02]}
    tails = {"bins": [25, 50, 75], "weights": [0.4, 0.4], "tail_weights": [0.1, 0.1]}
    for threshold in (None, 0, 0.01, 0.05, 0.5, 10):
        more = {"threshold": threshold}
        book(KL, "numbers", f"die {threshold}", column="die", partition_object=die, **more)
        book(
            KL,
            "numbers",
            f"suits {threshold}",
            column="suit",
            partition_object={"values": ["hearts", "spades", "clubs"], "weights": [0.5, 0.3, 0.2]},
            **more,
        )
        book(KL, "numbers", f"bins {threshold}", column="normal", partition_object=bins, **more)
        book(KL, "numbers", f"tails {threshold}", column="normal", partition_object=tails, **more)
    for internal, tail in ((0.01, 0), (0, 0.01), (0.05, 0.1), (0.3, 0.3)):
        more = {"threshold": 0.5, "internal_weight_holdout": internal, "tail_weight_holdout": tail}
        book(KL, "numbers", f"die, holdouts {internal} {tail}", column="die", partition_object=die, **more)
        book(KL, "numbers", f"bins, holdouts {internal} {tail}", column="normal", partition_object=bins, **more)
        book(KL, "numbers", f"tails, holdouts {internal} {tail}", column="normal", partition_object=tails, **more)
        book(
            KL,
            "numbers",
            f"values unseen, holdouts {internal} {tail}",
            column="suit",
            partition_object={"values": ["hearts", "spades", "diamonds"], "weights": [0.5, 0.3, 0.2]},
            **more,
        )
    for note, column, partition in [
        ("values unseen", "suit", {"values": ["hearts", "spades"], "weights": [0.6, 0.4]}),
        ("values that never come", "suit", {"values": ["hearts", "spades", "clubs", "diamonds"], "weights": [0.4, 0.3, 0.2, 0.1]}),
        ("weights that do not add up", "die", {"values": [1, 2, 3, 4, 5, 6], "weights": [0.1] * 6}),
        ("lengths differ", "die", {"values": [1, 2], "weights": [1.0]}),
        ("bins out of order", "normal", {"bins": [0, 50, 25], "weights": [0.5, 0.5]}),
        ("bins for few", "skewed", {"bins": [0, 1, 2, 4, 8, 16, 32], "weights": [0.2, 0.15, 0.25, 0.25, 0.1, 0.05]}),
        ("infinite bins", "normal", {"bins": [float("-inf"), 0, 50, 100, float("inf")], "weights": [0.1, 0.4, 0.4, 0.1]}),
        ("neither", "die", {"weights": [1.0]}),
        ("bins of whole numbers", "die", {"bins": [1, 2, 3, 4, 5, 6], "weights": [0.2] * 5}),
        ("zero weight", "die", {"values": [1, 2, 3, 4, 5, 6], "weights": [0, 0.2, 0.2, 0.2, 0.2, 0.2]}),
    ]:
        book(KL, "numbers", note, column=column, partition_object=partition, threshold=0.2)
    book(KL, "numbers", "values, not bucketized", column="die", partition_object=die, threshold=0.2, bucketize_data=False)
    book(KL, "numbers", "bins, not bucketized", column="normal", partition_object=bins, threshold=0.2, bucketize_data=False)
    book(KL, "numbers", "no partition", column="die", threshold=0.2)
    book(KL, "mixed", "booleans", column="active", partition_object={"values": [True, False], "weights": [0.7, 0.3]}, threshold=0.2)
    book(KL, "empty", "no rows", column="rank", partition_object=die, threshold=0.2)
    book(KL, "nulls", "all null", column="text", partition_object=die, threshold=0.2)
