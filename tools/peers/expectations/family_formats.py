"""The forms of a result: how much of it is said, and how rows are named."""


def write(book):
    plain = [None, "BOOLEAN_ONLY", "BASIC", "SUMMARY", "COMPLETE"]
    full = [
        {"result_format": "COMPLETE", "unexpected_index_column_names": ["id"]},
        {"result_format": "SUMMARY", "unexpected_index_column_names": ["id", "rank"]},
        {"result_format": "BASIC", "unexpected_index_column_names": ["id"]},
        {"result_format": "COMPLETE", "partial_unexpected_count": 2},
        {"result_format": "SUMMARY", "partial_unexpected_count": 0},
        {"result_format": "COMPLETE", "include_unexpected_rows": True},
        {"result_format": "COMPLETE", "exclude_unexpected_values": True, "unexpected_index_column_names": ["id"]},
        {"result_format": "COMPLETE", "unexpected_index_column_names": ["absent"]},
        {"result_format": "COMPLETE", "return_unexpected_index_query": False},
    ]
    for format in [*plain, *full]:
        label = str(format).replace("'", "")
        book("expect_column_values_to_be_in_set", "mixed", label, format, column="grade", value_set=["a", "b"])
        book("expect_column_values_to_be_between", "mixed", label, format, column="score", min_value=0, max_value=8)
        book("expect_column_values_to_not_be_null", "mixed", label, format, column="score")
        book("expect_column_values_to_be_unique", "mixed", label, format, column="rank")
        book("expect_column_pair_values_a_to_be_greater_than_b", "mixed", label, format, column_A="id", column_B="rank")
        book("expect_compound_columns_to_be_unique", "mixed", label, format, column_list=["rank", "constant"])
        book("expect_column_mean_to_be_between", "mixed", label, format, column="score", min_value=0)
        book("expect_table_row_count_to_equal", "mixed", label, format, value=11)
        book("expect_column_distinct_values_to_be_in_set", "mixed", label, format, column="grade", value_set=["a"])
        book(
            "expect_column_values_to_not_be_null",
            "nulls",
            label,
            (
                {**format, "unexpected_index_column_names": ["key"]}
                if isinstance(format, dict) and "unexpected_index_column_names" in format
                else format
            ),
            column="number",
        )
        book(
            "expect_column_values_to_be_between",
            "numbers",
            label,
            (
                format
                if not isinstance(format, dict) or "unexpected_index_column_names" not in format
                else {**format, "unexpected_index_column_names": ["row"]}
            ),
            column="die",
            min_value=2,
            max_value=5,
        )
