"""Rows that pandas.DataFrame.query chooses: row numbers from 1, or that it throws.

Run with the environment of requirements-data.txt; writes packages/data/test/fixtures/row-conditions.json.
"""
import json
import os
import warnings

import pandas

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "../../packages/data/test/fixtures")
TABLES = os.path.join(FIXTURES, "expectations/tables")
warnings.simplefilter("ignore")

QUERIES = {"mixed": r"""
seen == '2024-03-01'|seen in ['2024-03-01', '2024-06-01T08:00:00']|seen != '2024-03-01'|seen == '2024-06-01 08:00'|seen > '2024-06-01T07:59'|seen > 2024|seen > 'yesterday'|seen > '2024-02-30'|seen > '2024-03-01T00:00:00+01:00'
seen > Timestamp('2024-03-01')|'2024-03-01' <= seen|seen > born|seen == seen|seen.between('2024-01-02', '2024-03-01')|born.isnull()|rank == None|grade == None|grade != None|grade in ['a', None]|grade not in ['a', None]|score in [2.0, None]
grade.isnull() == False|active|not active|~active|active and rank > 2|rank > 2 and active|active or rank > 2|rank > 2 or active|(active == True) or rank > 2|not (active and rank > 2)|not (rank > 2 or active)|active != True|active == 1|active == 2|active == 'x'|active == False|active in [True]|active in [1]|active not in [True]|active == (rank > 2)|active.isnull()|active.isnull() or not active == True
name.str.startswith('A')|name.str.startswith('A') and rank > 2|rank > 2 and name.str.startswith('A')|name.str.startswith('A') or rank > 2|rank > 2 or name.str.startswith('A')|name.str.startswith('A', na=False)|name.str.startswith('A', na=True)|not name.str.startswith('A', na=False)|name.str.endswith('a', na=False)|name.str.endswith('', na=False)|name.str.endswith('na na na na', na=False)|name.str.startswith('😀 ', na=False)|name.str.endswith('雷', na=False)
name.str.contains('a', na=False)|name.str.contains('A', case=False, na=False)|name.str.contains('^.n', na=False)|name.str.contains('n') == True|name.str.contains('.', regex=False, na=False)|name.str.contains("'", regex=False, na=False)|name.str.contains('', regex=False, na=False)|name.str.match('.n', na=False)|name.str.fullmatch('An|Ana', na=False)|name.str.fullmatch('An', na=False)|name.str.len() > 3|name.str.len() > 3 or rank == 1|name.str.len() == 7|grade.str.len() == 1 and rank == 1|grade.str.lower() == 'a'|rank.str.len() > 1
~(rank > 5)|~grade.isnull()|not grade == 'a'|not grade in ['a']|not active == True|grade == 5|grade != 5|grade > 5|rank == '5'|rank != '5'|rank > '5'|'a' in grade|'a' == grade|'a' < grade|5 in rank|[1, 2] in rank|rank == [1, 2]|rank != [1, 2]|rank > [1, 2]|rank in [1, 'a']|grade in ['a', 1]|rank in [True]|rank in [1.0, 2.5]|rank in (1, 2,)|rank in ()|rank not in []|rank in 5|rank in grade|grade in 'a'
price == 0.1|price > 0.1|price >= 0.1|price < 0.1|price <= 0.1|price > 0.3|price <= 0.3|price == 10|price != 10|price in [10, 0.1]|price == 0.5|price > -5.5|price >= -5.5|price < -5.49|price > 99.989999|price + 1 > 2|price == '10.00'|10 < price|price > True
score > rank|score != age|score == age|score == score|grade < name|grade == name|grade != name|grade < 'c'|grade >= 'b'|grade == grade|rank == grade|rank < grade|(rank > 2) == (score > 2)|(rank > 2) != (score > 2)
rank % 2 == 1|-rank % 3 == 1|rank // 2 == 2|-rank // 2 == -3|rank % -3 == -1|score // 2 == 1|score % 2 == 0|age // 10 == 3|age % 10 == 4|rank ** 2 > 30|score ** 2 > 30|rank ** 3 == 125|rank ** 0.5 > 2|2 ** rank > 30|rank / 2 > 2|score / 4 < 0.5|rank / (rank - 5) > 1|rank // (rank - 5) > 1|rank % (rank - 5) == 0|2 ** -1 < score|rank + True > 5|rank == True|rank > 2.5|rank + 1 > 5|rank * 2 - 1 > 9|-(rank + 1) < -5|score + age > 50|age - rank > 20|score - 1.5 == 0|rank + 0.1 > 5.1|1 + 1 < rank|10 / 4 < rank|10 - 2.5 < rank|rank + 'a' > 1|active + 1 > 1|abs(score) > 3|score.abs() > 3|abs(rank - 5) < 2|abs(rank, 1) > 1|sqrt(score) > 1
rank > 9007199254740993|rank < 99999999999999999999|rank > -9007199254740993|rank == 5.0|id == 3|constant == 7.0|score > 1e300|score > -1e-300
1 == 1|rank > 1 and True|rank > 1 or False|True and rank > 5|True|rank|rank and age|rank > 1 and age|rank + 1|not rank|-active == 1|+rank > 3|+grade == 'a'|- - rank > 3
rank.isin([1,2])|rank.isin([])|rank.isin(5)|grade.isin(['a', 'b']) and rank < 4|rank.between(2, 5)|rank.between(2, 5, inclusive='neither')|grade.between('a','b')|score > inf|1 < score < 5 < age|2 < rank <= 9|rank > 1 == True|rank > -3 < 5|rank > 3 > 1|3 > rank >= 1 != score
grade == 'a' 'b'|grade == 'a' ''|grade == r'a'|grade == R"a"|grade == u'a'|grade == b'a'|grade == f'a'|grade == '''a'''|grade == "\x61"|grade == '\u0061'|grade == '\141'|grade == '\N{LATIN SMALL LETTER A}'|name == '\d'|grade == 'é'|grade == '\xe9'|grade == 'a|name == ''|name == "O'Neil"|name == 'O\'Neil'|name == "O\'Neil"|name == ' x '|name == '😀 smile'|name == '李雷'
rank > 1_0|rank > 0x3|rank > 03|rank > 0b11|rank > .5|rank > 5.|rank > 5.e0|rank > 5e0|rank > 5e|rank > 5_|rank > 1j|rank > 1__0|rank > 00
(rank > 3)|((rank)) > (3)|rank > 3 and|and rank > 3|rank < > 3|rank = 3|rank > 3; rank > 4|rank is None|rank if 1 else 2|rank >|(rank > 3|rank > 3)|rank > 3 rank > 4|lambda: rank|rank[0] > 1|rank.values > 3|rank.max() > 3|rank > rank.mean()|@rank > 3|@os.system('true')|__import__('os').system('true')|rank.__class__ == 1|absent > 1|rank := 3|rank > 3 # more|{1} == rank|rank == *grade|rank << 1 > 3|rank ^ 1 > 3|~rank > 3|  rank > 3|rank > 3  |rank	>	3|
grade == 'a' & rank == 3|grade == 'a' | rank == 3|grade == 'a' and not rank > 3 or active == True|id > 3 &  ~(grade in ['a','b'])|not rank > 3 and id > 4|rank > 2 and rank < 9 or id == 2 and score == 2|rank > 2 and (rank < 9 or id == 2) and not (score == 2)|`rank` > 3|`rank > 3|`` > 3|``rank`` > 3|`rank`.isnull()|`absent` > 3|rank.`isnull`()
index > 3|index == 0|index in [1, 2]|ilevel_0 > 3|index % 2 == 0|index.isin([1])|from > 1|grade.isnull|grade.isnull() and score.notnull()|grade.isna()|grade.notna()|grade.isnull(1)|(rank + 1).isnull()|(rank > 2).isnull()|pd.isnull(grade)|rank.astype('str') == '5'|seen.dt.year == 2024|str(rank) == '5'
seen.dt.year == 2024|seen.dt.year != 2024|seen.dt.year < 2024 or rank == 1|seen.dt.month == 3|seen.dt.month in [1, 6]|seen.dt.day > 1|seen.dt.dayofweek == 4|seen.dt.weekday >= 5|seen.dt.day_of_week < 5|seen.dt.dayofyear > 60|seen.dt.day_of_year <= 60|seen.dt.quarter == 2|seen.dt.hour >= 8|seen.dt.minute == 0|seen.dt.second > 0|seen.dt.hour * 60 + seen.dt.minute > 480
seen.dt.year.isin([2023, 2024])|seen.dt.year.between(2023, 2024, inclusive='left')|seen.dt.month % 2 == 1|seen.dt.month // 4 == 0|seen.dt.year.isnull()|seen.dt.year == seen.dt.month|seen.dt.year == '2024'|not seen.dt.hour > 7|seen.dt.year == born.dt.year|born.dt.year > 1990|rank.dt.year == 1|grade.dt.year == 1|seen.dt.year()|seen.dt.date == '2024-03-01'|seen.dt.nothing == 1|seen.dt|seen.dt.date()|seen.dt.month_name() == 'March'|seen.dt.microsecond == 0|seen.dt.is_month_start
rank.between(2, 5, inclusive='both')|rank.between(2, 5, inclusive='left')|rank.between(2, 5, inclusive='right')|rank.between(2, 5, 'neither')|rank.between(2, 5, inclusive='no')|rank.between(2, 5, True)|rank.between(2)|rank.between(5, 2)|rank.between(2, 5, left=1)|score.between(1.5, 2.5)|score.between(1.5, 2.5, inclusive='neither')|grade.between('a', 'b', inclusive='right')|seen.between('2024-01-02', '2024-03-01', inclusive='neither')|not score.between(1, 3)|price.between(0.1, 10, inclusive='left')
score // 1 == 2|score // 2 == 0|-score // 2 == -2|score // -2 == -2|score % 1 == 0.5|score % 2 == 0.5|-score % 3 == 0.5|score % -3 < -0.5|score % 2 != 0|score // 0.5 == 5|score % 0.5 == 0|7.5 // rank == 1|7.5 % rank > 1|score // rank == 1|score % rank == score|rank % 2.5 == 0|rank // 2.5 == 1|(score * 3) // 2 == 3|(score + 0.1) % 2 > 0.5|score // 0 == 1
grade.str.upper() == 'A'|grade.str.lower() in ['a', 'b']|grade.str.upper().str.len() == 1|grade.str.upper().str.startswith('A', na=False)|name.str.lower() == 'ann'|grade.str.lower().isnull()|grade.str.lower('a') == 'a'|grade.str.title() == 'A'|grade.notna() and rank > 3|grade.notna() == False|not grade.notna()|grade.str.contains('a|b', na=False)|grade.str.len().between(1, 1)|grade.str.len().isin([1])
""", "odd": """
`first name` == 'b'|`first name`.isnull()|`select` > 1|`say "hi"` > 1|größe > 20|`größe` > 20|Case == 2|case == 2|Fall == 'x'|Fall > 'X'|`a.b`|`a.b` == True|not `a.b` == True|a.b == True|`first name` == 'b' and `select` == 3
""", "infinite": """
value > 1|value < 0|value == 0|value == -0.0|value >= 1e308|value > inf|value.isnull()|value == value|value != value|-value > 0|value + 1 > 0|value // 2 == 1|value % 2 == 1|value - value == 0|value * 0 == 0|tiny > 0|tiny == 0.1|tiny > 0.1|tiny == 3|abs(value) > 1|value.notnull() and value > 0
""", "nulls": """
number > 1|number.isnull()|text == 'a'|text != 'a'|text.isnull()|half == 1|half != 1|half + 1 == 2|half // 1 == 2|text.str.upper() == 'A'|half % 2 == 1|not half == 1|half in [1, None]|half not in [1]|whole.isnull()|whole > 1|text.str.len() > 1
""", "numbers": """
big > 9007199254740992|big == 9007199254740993|big + 1 > 9007199254740993|big in [9007199254740993, 9007199254740995]|big > 9007199254740993.0|die % 2 == 0 and suit == 'hearts'|die * die == 16|normal > 50 and not suit in ['spades', 'clubs']|cost > 50.05|cost == 50.05|cost <= 12.34|suit.isnull() or die == 6
""", "empty": """
rank > 3|grade == 'a'|active|not active|name.str.startswith('A')|rank + 1 > 2|grade.isnull()|seen > '2024-01-01'|seen.dt.year == 2024|grade.str.lower() == 'a'
""", "single": """
active|not active|active and rank == 3|name.str.startswith('A')|not name.str.startswith('A')|rank > 3
""", "people": """
born >= '1990-01-31'|born == '1990-01-31'|born.dt.year == 1990|born.isnull()|score > 2 and age < 50|grade == 'a'|active == True
"""}


def queries(text):
    found = []
    for line in text.strip("\n").split("\n"):
        part = ""
        # A condition with `|` in it is written with the blanks that Python's users give it.
        for piece in line.split("|"):
            if part.endswith(" ") and piece.startswith(" ") or part.endswith("'An"):
                part += "|" + piece
            else:
                found += [part] if part else []
                part = piece
        found += [part] if part else []
    return found


def rows(frame, query):
    try:
        chosen = frame.query(query)
        if not set(chosen.columns) == set(frame.columns) or not chosen.index.is_unique:
            return {"raised": "labels"}
        # Whole numbers choose rows by their labels: that is no condition.
        value = frame.eval(query)
        if not (isinstance(value, pandas.Series) or hasattr(value, "dtype")) or value.dtype not in ("bool", "object"):
            return {"raised": "labels"}
        return {"rows": [int(label) + 1 for label in chosen.index]}
    except BaseException as problem:
        return {"raised": type(problem).__name__}


def main():
    cases = []
    for table, text in QUERIES.items():
        path = os.path.join(TABLES, f"{table}.parquet")
        frame = pandas.read_parquet(path) if os.path.exists(path) else pandas.read_csv(path.replace(".parquet", ".csv"))
        cases += [{"table": table, "query": query, **rows(frame, query)} for query in queries(text)]
    with open(os.path.join(FIXTURES, "row-conditions.json"), "w", encoding="utf-8") as file:
        lines = ",\n".join(f"    {{ {json.dumps(one, ensure_ascii=False)[1:-1]} }}" for one in cases)
        file.write(f'{{\n  "recordedFrom": {{ "pandas": "{pandas.__version__}" }},\n  "cases": [\n{lines}\n  ]\n}}\n')
    print(len(cases))


main()
