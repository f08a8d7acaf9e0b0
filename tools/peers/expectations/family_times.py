"""Moments: bounds as text, as dates and as moments, of columns of every resolution."""

COLUMNS = ["nano", "micro", "second", "zoned", "text"]
BOUNDS = [
    ("2024-01-02", "2024-12-31"),
    ("2024-01-02T00:00:00", "2024-12-31T00:00:00"),
    ("2024-01-02 12:30:00", "2025-01-01 00:00:00"),
    ("2024-01-02T12:30:00Z", "2025-01-01T00:00:00Z"),
    ("2024-01-02T12:30:00+02:00", "2025-01-01T00:00:00+02:00"),
    (1704067200, 1735689600),
]


def write(book):
    for column in COLUMNS:
        for low, high in BOUNDS:
            for strict in ({}, {"strict_min": True, "strict_max": True}):
                book(
                    "expect_column_values_to_be_between",
                    "stamps",
                    f"{column} {low} {high} {'strict' if strict else ''}",
                    column=column,
                    min_value=low,
                    max_value=high,
                    **strict,
                )
            for aggregate in ("max", "min", "mean", "median"):
                book(
                    f"expect_column_{aggregate}_to_be_between",
                    "stamps",
                    f"{column} {low} {high}",
                    column=column,
                    min_value=low,
                    max_value=high,
                )
            book("expect_column_values_to_be_in_set", "stamps", f"{column} {low} {high}", column=column, value_set=[low, high])
        for type in ("expect_column_values_to_be_increasing", "expect_column_values_to_be_decreasing"):
            book(type, "stamps", column, column=column)
            book(type, "stamps", f"{column} strictly", column=column, strictly=True)
        for type in ("expect_column_values_to_be_unique", "expect_column_values_to_not_be_null"):
            book(type, "stamps", column, column=column)
        for one in ("datetime64[ns]", "datetime64", "Timestamp", "datetime", "str", "DatetimeTZDtype"):
            book("expect_column_values_to_be_of_type", "stamps", f"{column} {one}", column=column, type_=one)
        book("expect_column_values_to_match_regex", "stamps", column, column=column, regex="^2024-01-0[12]( 00:00:00)?$")
        book("expect_column_values_to_be_dateutil_parseable", "stamps", column, column=column)
        book("expect_column_values_to_match_strftime_format", "stamps", column, column=column, strftime_format="%Y-%m-%dT%H:%M:%S")
        book(
            "expect_column_quantile_values_to_be_between",
            "stamps",
            column,
            column=column,
            quantile_ranges={"quantiles": [0.5], "value_ranges": [["2024-01-01", "2025-01-01"]]},
        )
    for one, other in (("nano", "micro"), ("nano", "second"), ("nano", "zoned"), ("micro", "text")):
        book("expect_column_pair_values_to_be_equal", "stamps", f"{one} {other}", column_A=one, column_B=other)
        book("expect_column_pair_values_a_to_be_greater_than_b", "stamps", f"{one} {other}", column_A=one, column_B=other, or_equal=True)
