"""Rows chosen by a condition: pandas' query strings, the older col("…") strings, and the newer objects."""

PANDAS = [
    "rank > 4",
    "grade == 'a'",
    'grade == "a" and rank > 2',
    "grade.isnull()",
    "score.notnull()",
    "rank in [1, 2, 3]",
    "not active",
    "rank > 100",
    "rank >",
    "absent > 1",
    "name == 'O\\'Neil'",
    "2 < rank <= 9",
    "grade == 'a' | rank == 1",
    "`rank` == 5",
    "score > 2.5 or age < 20",
    "seen >= '2024-03-01'",
    "price > 10",
    "name.str.len() > 3",
    "rank + 1 > 5",
    "index > 3",
    "@os.system('true')",
    "grade != 'a'",
    "active == True",
    "rank not in (5, 9)",
]
OLDER = [
    'col("rank") > 4',
    'col("grade") == "a"',
    'col("score").notNull()',
    'col("grade").isNull()',
    'col("rank") <= 5',
    "col('rank') != 5",
    'col("seen") > date("2024-03-01")',
]
RANK, GRADE = {"name": "rank"}, {"name": "grade"}


def compare(column, operator, parameter):
    return {"type": "comparison", "column": {"name": column}, "operator": operator, "parameter": parameter}


def null(column, is_null=True):
    return {"type": "nullity", "column": {"name": column}, "is_null": is_null}


def newer():
    single = [compare("rank", operator, 5) for operator in ("==", "!=", "<", "<=", ">", ">=")] + [
        compare("rank", "IN", [1, 2, 3]),
        compare("rank", "NOT_IN", [5, 9]),
        compare("grade", "==", "a"),
        compare("grade", "!=", "a"),
        compare("grade", "IN", ["a", "b"]),
        compare("grade", "NOT_IN", ["a", "b"]),
        compare("rank", "IN", []),
        compare("score", ">", 2.5),
        compare("active", "==", True),
        compare("name", "==", "O'Neil"),
        compare("seen", ">=", "2024-03-01"),
        null("grade"),
        null("score", False),
        compare("absent", ">", 1),
        compare("grade", "<", "c"),
        compare("rank", "~", 5),
        compare("rank", "==", None),
    ]
    both = {"type": "and", "conditions": [compare("rank", ">", 2), compare("grade", "==", "a")]}
    either = {"type": "or", "conditions": [compare("rank", "==", 1), compare("grade", "==", "c")]}
    nested = [
        both,
        either,
        {"type": "or", "conditions": [both, null("grade")]},
        {"type": "and", "conditions": [both, null("score", False)]},
        {"type": "and", "conditions": [either, null("score")]},
        {"type": "or", "conditions": [either, null("score")]},
        {"type": "and", "conditions": []},
        {"type": "or", "conditions": []},
        {"type": "pass_through", "pass_through_filter": "rank > 4"},
        {"type": "unknown"},
    ]
    return single + nested


def write(book):
    between = {"column": "score", "min_value": 0, "max_value": 8}
    for condition in PANDAS:
        book(
            "expect_column_values_to_be_between",
            "mixed",
            f"pandas {condition}",
            row_condition=condition,
            condition_parser="pandas",
            **between,
        )
        book("expect_table_row_count_to_equal", "mixed", f"pandas {condition}", row_condition=condition, condition_parser="pandas", value=4)
    for condition in OLDER:
        for parser in ("great_expectations", "great_expectations__experimental__"):
            book(
                "expect_column_values_to_be_between",
                "mixed",
                f"{parser} {condition}",
                row_condition=condition,
                condition_parser=parser,
                **between,
            )
    for number, condition in enumerate(newer()):
        label = f"object {number} {condition['type']}"
        book("expect_column_values_to_be_between", "mixed", label, row_condition=condition, **between)
        book("expect_table_row_count_to_equal", "mixed", label, row_condition=condition, value=4)
    book("expect_column_values_to_be_between", "mixed", "no parser", row_condition="rank > 4", **between)
    book("expect_column_values_to_be_between", "mixed", "spark", row_condition="rank > 4", condition_parser="spark", **between)
    some, many = {"row_condition": "rank > 4", "condition_parser": "pandas"}, {"row_condition": compare("rank", ">", 4)}
    for note, chosen in (("pandas", some), ("object", many)):
        book("expect_column_values_to_be_unique", "mixed", note, column="rank", **chosen)
        book("expect_column_values_to_not_be_null", "mixed", note, column="score", mostly=0.8, **chosen)
        book("expect_column_values_to_be_in_set", "mixed", note, column="grade", value_set=["a"], **chosen)
        book("expect_column_values_to_match_regex", "mixed", note, column="name", regex="[ab]", **chosen)
        book("expect_column_values_to_be_increasing", "mixed", note, column="rank", **chosen)
        book("expect_column_mean_to_be_between", "mixed", note, column="score", min_value=1, **chosen)
        book("expect_column_max_to_be_between", "mixed", note, column="score", max_value=50, **chosen)
        book(
            "expect_column_quantile_values_to_be_between",
            "mixed",
            note,
            column="score",
            quantile_ranges={"quantiles": [0.5], "value_ranges": [[0, 5]]},
            **chosen,
        )
        book("expect_column_distinct_values_to_equal_set", "mixed", note, column="grade", value_set=["a", "b"], **chosen)
        book("expect_column_value_z_scores_to_be_less_than", "mixed", note, column="score", threshold=1, double_sided=True, **chosen)
        book("expect_column_pair_values_a_to_be_greater_than_b", "mixed", note, column_A="id", column_B="rank", **chosen)
        book("expect_compound_columns_to_be_unique", "mixed", note, column_list=["rank", "grade"], **chosen)
        book("expect_multicolumn_sum_to_equal", "mixed", note, column_list=["rank", "constant"], sum_total=12, **chosen)
        book("expect_table_row_count_to_be_between", "mixed", note, min_value=1, max_value=7, **chosen)
        book(
            "expect_column_kl_divergence_to_be_less_than",
            "mixed",
            note,
            column="grade",
            partition_object={"values": ["a", "b"], "weights": [0.5, 0.5]},
            threshold=0.5,
            **chosen,
        )
