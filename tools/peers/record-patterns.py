"""Records where Python's `re.search` finds patterns: written ones, and ones drawn from a grammar.

Usage, from the root of the repository, with any Python 3.11 (`re` is in it):
    python tools/peers/record-patterns.py [COUNT [FILE]]     COUNT drawn patterns, 700 unless said

Each pattern has one digit for each text, 1 where it is found; or the message with which Python refuses it. Beside them the
characters of the categories, as ranges, and the lower-case letters that are the same where case does not count.
"""
import json
import os
import platform
import random
import re
import sys
import unicodedata
import warnings

warnings.simplefilter("ignore")
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FILE = os.path.join(ROOT, "packages", "data", "test", "fixtures", "patterns.json")

TEXTS = ["", "a", "b", "ab", "ba", "aab", "abab", "aaa", "A", "aB", "AB", "1", "a1", "1a", "12", "a b", " ", "\n", "a\n",
    "\na", "a\nb", "a\r", "a\u2028", "ab\n", "b\n\n", "_", "a_1", "-", "a-b", "\t", "\x1c", "\x85", "\xa0", "\ufeff", "é", "É",
    "e\u0301", "ß", "ẞ", "ſ", "K", "k", "ı", "İ", "I", "i", "Σ", "ς",
         "σ", "µ", "μ", "١", "²", "Ⅷ", "一", "あ", "😀", "a😀b", "\U00010400", "\U00010428", "ͅ", "ι", "]", "^", "a]", "\\", "{",
    "a{1}", "{,}", "()", ".", "a.b", "aba", "abcabc", "aabb", "xax", "b1\n", "\x00", "\x08", "a#b", "AΩ", "ǅ", "ǆ", "Ǆ"]
WRITTEN = ["", "a", "^a$", "\\Aa\\Z", "a$", "^$", "$", "^", "\\Z", "a\\Z", ".", "^.$", "(?s)^.$", "(?m)^b", "(?m)a$", "(?m)^$",
    "\\b", "\\B", "\\ba", "a\\b", "a\\B", "\\Ba", "(?a)\\bé", "(?a)\\w", "(?a)\\d", "(?a)\\s", "\\w", "\\W", "\\d", "\\D",
    "\\s", "\\S", "[\\w]", "[^\\w]", "[\\W]", "[^\\W]", "[^\\W\\d_]", "[\\d\\s]", "[^\\d\\s]",
           "[\\Wa]", "[\\S ]", "(?i)a", "(?i)[a-z]", "(?i)[^a-z]", "(?i)i", "(?i)I", "(?i)İ", "(?i)ı", "(?i)s", "(?i)ſ",
    "(?i)k", "(?i)K", "(?i)ß", "(?i)ẞ", "(?i)σ", "(?i)ς", "(?i)Σ", "(?i)µ", "(?i)ͅ", "(?i)ǅ", "(?i)[ß-ÿ]", "(?i)[À-Þ]",
    "(?i)[Ā-ſ]", "(?i)[^ı]", "(?ai)k", "(?ai)[a-z]", "(?ai)é", "(?i:a)b", "(?a:\\.|\\D)", "(?a:\\S)a", "(?i)(?-i:a)b", "(?i)\U00010400", "(?i)[\U00010400x]",
           "(?i)😀", "(?i)[\\x00-\\U0010ffff]", "[\\x00-\\U0010ffff]", "[^\\x00-\\x7f]", "[\\u0080-\\uffff]", "\\x41",
    "\\u0041", "\\U00000041", "\\101", "\\0", "\\08", "\\8", "\\1", "(a)\\1", "(a)(b)\\2\\1", "(?P<x>a)(?P=x)", "(a|b)\\1",
    "(a)?\\1", "(a)?b\\1", "(?:(a)|b)*\\1", "((a)|b)\\2", "(?:(a)|(b))+\\1", "(a*)\\1", "(?=(a))\\1", "(?:(a|b)\\1)+",
    "(a)(?=b)\\1", "(?i)(a)\\1", "(a\\1)", "(?P<x>a)(?P<x>b)", "(?P<1>a)",
           "(?P<x", "(?P>x)", "(?P=x)", "(?(1)a|b)", "(a)?(?(1)b|c)", "(?<=a)b", "(?<!a)b", "(?<=a|b)b", "(?<=ab|b)b",
    "(?<=a+)b", "(?<=a{2})b", "(?<=(a))b", "(?<=(a)\\1)b", "(a)(?<=\\1)b", "(?=a)", "(?!a)", "(?!a).", "^(?!.*b)",
    "(?=.*\\d)(?=.*[a-z])", "(?>a|ab)b", "(?>a*)a", "a++a", "a*+b", "a?+a", "a{1,2}+a", "(?:a|ab)++b", "(?<=(?>a))b",
    "(?=a++b)a", "a**", "a+*", "a{1}{2}", "(?:a{1}){2}", "*", "+a", "?",
           "{", "a{", "a{1", "a{1,", "a{,", "a{}", "a{,}", "a{,2}", "{1}", "^*", "(?:^)*a", "\\b*", "a{2,1}", "a{99999999999}",
    "(", ")", "(a", "a)", "(?", "(?:", "(?#", "(?#x)a", "a(?#x)+", "[", "[a", "[]", "[]]", "[^]", "[^]]", "[]a]", "[a-]",
    "[-a]", "[a-z-9]", "[\\d-z]", "[a-\\d]", "[z-a]", "[\\b]", "[\\A]", "[[:alpha:]]", "[a&&b]", "[a--b]", "[\\]]", "[\\^a]",
    "[\\08]", "[\\8]", "[\\400]", "\\400", "\\377", "\\p{L}", "\\q", "\\_", "\\-", "\\é", "\\", "a\\",
           "(?x) a b", "(?x)a # b", "(?x)a #b\n b", "(?x)[ #]", "(?x)\\ ", "(?x)a +", "(?x:a b)c", "(?x)(?-x:a b)", "a(?i)b",
    "(?i)(?m)a", "(?i", "(?z)", "(?L)a", "(?u)a", "(?au)a", "(?a)(?u)a", "(?i-i:a)", "(?-a:a)", "(?-:a)", "(?i-)", "(?-i)a",
    "(?<a>b)", "(?<", "(?P", "|", "a|", "|a", "a||b", "(|a)", "(?:)", "(?:)*", "()", "()*", "(a*)*", "(a*)+", "(?:a*?)*?b",
    "(?:a|b?)*a", "(a|b)*?\\1",
           "\\N{DIGIT ONE}", "\\N{NO SUCH}", "\\x4", "\\u004", "\\U0011ffff", "\\cA", "\\e", "\\z", "\\G", "\\Q", "\\k<a>",
    "(?'a'b)", "(?|a)", "(?R)", "a{0}", "a{0,0}b", "(?:a{0,3}){0,3}b", "\ud800", "[\ud800-\udfff]", "(?s:.)\\Z", "$\\n",
    "a$\\n", "(?:a$|b)", "(?:a$)?", "(a$)b", "a$b", "(?m)a$\\nb", "\\n$", "^\\n^", "(?m)\\n^"]


def draw_set(draw):
    members = draw.choices(["a", "b", "1", "\\d", "\\w", "\\s", "\\W", "\\D", "\\S", "a-c", "0-9", "é", "_", "-", "\\n", "\\]", "^", "A-Z", "😀", ".", "à-ÿ"], k=draw.randint(1, 3))
    return "[" + draw.choice(["", "", "^"]) + "".join(members) + "]"


def draw_atom(draw, depth, state):
    kind = draw.random()
    if depth <= 0 or kind < 0.45:
        return draw.choice(["a", "b", "a", "b", "1", ".", "\\d", "\\w", "\\s", "\\W", "\\S", "\\D", "\\n", "-", "é", "😀", "A", "_", "\\.", draw_set(draw)])
    if kind < 0.55:
        return draw.choice(["^", "$", "\\b", "\\B", "\\A", "\\Z", "$", "^"])
    if kind < 0.62 and state["groups"]:
        return f"\\{draw.randint(1, state['groups'])}"
    inside = draw_choice(draw, depth - 1, state)
    if kind < 0.72:
        state["groups"] += 1
        return f"({inside})"
    opened = draw.choice(["(?:", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:", "(?m:", "(?s:", "(?a:", "(?-i:"])
    return f"{opened}{inside})"


def draw_sequence(draw, depth, state):
    made = ""
    for _ in range(draw.choices([0, 1, 2, 3, 4], [1, 6, 6, 4, 2])[0]):
        atom = draw_atom(draw, depth, state)
        if draw.random() < 0.3:
            atom += draw.choice(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}", "{,2}", "{1,}?", "*+", "++", "?+",
    "{1,2}+"])
        made += atom
    return made


def draw_choice(draw, depth, state):
    return "|".join(draw_sequence(draw, depth, state) for _ in range(draw.choices([1, 2, 3], [6, 3, 1])[0]))


def drawn(count):
    draw = random.Random(20261128)
    found = []
    while len(found) < count:
        state = {"groups": 0}
        prefix = draw.choice(["", "", "", "(?i)", "(?m)", "(?s)", "(?a)", "(?im)", "(?ai)"])
        made = prefix + draw_choice(draw, 3, state)
        # Most of what is drawn is refused: a few of those are enough.
        if "refused" not in outcome(made) or draw.random() < 0.05:
            found.append(made)
    return found


def outcome(pattern):
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, ValueError) as problem:
        return {"pattern": pattern, "refused": str(getattr(problem, "msg", problem))}
    return {"pattern": pattern, "found": "".join("1" if compiled.search(text) else "0" for text in TEXTS)}


def ranges(pattern):
    """The characters that one pattern matches, as ranges of code points that this Python's Unicode has assigned."""
    compiled, found = re.compile(pattern), []
    for point in range(0x110000):
        if 0xD800 <= point <= 0xDFFF or compiled.match(chr(point)) is None:
            continue
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return found


def unassigned():
    found = []
    for point in range(0x110000):
        if unicodedata.category(chr(point)) == "Cn":
            if found and found[-1][1] == point - 1:
                found[-1][1] = point
            else:
                found.append([point, point])
    return found


def main(count, file):
    cases = [outcome(pattern) for pattern in WRITTEN + drawn(count)]
    with open(file, "w", encoding="utf-8") as out:
        head = {"recordedFrom": {"python": platform.python_version(), "unicode": unicodedata.unidata_version}, "texts": TEXTS}
        if file == FILE:
            head["categories"] = {name: ranges(name) for name in ("\\d", "\\w", "\\s", "(?i)[a-z]", "(?i)[À-ɏ]", "(?i)[^α-ω]")}
            head["unassigned"] = unassigned()
        out.write("{\n")
        for key, value in head.items():
            out.write(f" {json.dumps(key)}: {json.dumps(value, separators=(',', ':'))},\n")
        out.write(' "cases": [\n' + ",\n".join("  " + json.dumps(case, separators=(",", ":")) for case in cases) + "\n ]\n}\n")
    print(f"{len(cases)} patterns, {sum('refused' in case for case in cases)} refused, {len(TEXTS)} texts")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 700, sys.argv[2] if len(sys.argv) > 2 else FILE)
