"""SQL of one's own, and other tables: the pandas engine has neither."""


def write(book):
    rows = "UnexpectedRowsExpectation"
    rows = "unexpected_rows_expectation"
    for query in (
        "SELECT * FROM {batch} WHERE rank > 8",
        "SELECT id, rank FROM {batch} WHERE rank > 100",
        "SELECT * FROM mixed WHERE grade IS NULL",
        "SELECT COUNT(*) FROM {batch}",
        "SELECT grade, COUNT(*) AS n FROM {batch} GROUP BY grade HAVING COUNT(*) > 3",
        "select absent from {batch}",
        "nonsense",
        "",
        "SELECT * FROM {active_batch}",
        "DELETE FROM {batch}",
        "SELECT a.id FROM {batch} a JOIN single s ON a.id = s.id",
        "SELECT * FROM {batch} WHERE rank > 8 -- {row_condition}",
        "SELECT 1; SELECT 2",
        "WITH t AS (SELECT * FROM {batch}) SELECT * FROM t WHERE rank = 5",
    ):
        book(rows, "mixed", query[:60], unexpected_rows_query=query)
    book(rows, "empty", "no rows", unexpected_rows_query="SELECT * FROM {batch}")
    for other in ("mixed", "single", "empty", "absent"):
        book("expect_table_row_count_to_equal_other_table", "mixed", other, other_table_name=other)
    compare = "expect_query_results_to_match_comparison"
    for base, comparison in (
        ("SELECT id FROM mixed", "SELECT id FROM mixed"),
        ("SELECT id FROM mixed", "SELECT id FROM single"),
        ("SELECT id, rank FROM mixed", "SELECT rank, id FROM mixed"),
        ("SELECT rank FROM mixed", "SELECT DISTINCT rank FROM mixed"),
        ("SELECT grade FROM mixed", "SELECT grade FROM mixed ORDER BY id DESC"),
        ("SELECT id FROM mixed", "SELECT id, rank FROM mixed"),
        ("SELECT absent FROM mixed", "SELECT id FROM mixed"),
        ("SELECT id FROM empty", "SELECT id FROM empty"),
    ):
        for mostly in (1, 0.5):
            book(
                compare,
                "mixed",
                f"{base} / {comparison} {mostly}",
                base_query=base,
                comparison_data_source_name="sqlite",
                comparison_query=comparison,
                mostly=mostly,
            )
    book(compare, "mixed", "no such source", base_query="SELECT 1", comparison_data_source_name="absent", comparison_query="SELECT 1")
