#!/usr/bin/env python3
"""Finds co_await expressions that g++ 12 miscompiles.

g++ 12 copies the bytes of some temporaries of a co_await expression: braced ones, lambdas with
captures, and whatever stands in a ?: beside an await (proto/net/probe/coroutine_temporaries.cpp shows
each form). So every argument that has a destructor gets a name on a line before. With -O2 it also lost
its place in a coroutine that ended with `if (!co_await f()) g();`: such conditions get a name, too. This
is a reader of text, not a compiler: it knows no types, and is strict where the rule is simpler than the
truth.

    ci/lint_coroutines.py [FILE or FOLDER ...]     default: the sources of the repository

Prints file:line: what is wrong, and the mend. Exit code: 0 nothing found, 1 findings, 2 bad usage.
"""

import pathlib
import re
import sys

FOLDERS = ["proto", "reference-server", "client-sim", "conformance", "cli", "fuzz", "python"]
MENDS = {
    "braces": "a braced temporary in a co_await expression: name the object on the line before",
    "initialiser": "co_await inside a braced initialiser: name its result on the line before",
    "lambda": "a lambda with captures in a co_await expression: name the lambda on the line before",
    "condition": "co_await in the condition of a statement that goes on: name its result on the line before",
    "ternary": "?: in a co_await expression: use if, or name the value on the line before",
}
LITERALS = re.compile(
    r'//[^\n]*|/\*.*?\*/|(?:u8|[uUL])?R"([^()\s\\]*)\(.*?\)\1"'
    r'|"(?:\\.|[^"\\\n])*"|(?<![0-9a-zA-Z_])\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL)
PAIRS = {"(": ")", "[": "]", "{": "}"}


def blank(text):
    """Comments and preprocessor lines go, literals become "", and every line keeps its number."""
    def empty(match):
        kept = "\n" * match.group().count("\n")
        return kept if match.group().startswith("/") else '""' + kept
    text = LITERALS.sub(empty, text)
    return re.sub(r"(?m)^[ \t]*#(?:.*\\\n)*.*$", lambda m: "\n" * m.group().count("\n"), text)


def match_brackets(text):
    """Position of each bracket -> position of its partner."""
    partner, open_ones = {}, []
    for position, char in enumerate(text):
        if char in PAIRS:
            open_ones.append(position)
        elif char in PAIRS.values():
            if open_ones and PAIRS[text[open_ones[-1]]] == char:
                other = open_ones.pop()
                partner[other], partner[position] = position, other
    return partner


def word_before(text, position):
    return re.search(r"(\w*)\s*\Z", text[max(0, position - 80):position]).group(1)


def is_block(text, partner, brace):
    """Statements, not an initialiser: only they hold semicolons or follow a closing parenthesis."""
    inside = text[brace + 1:partner.get(brace, len(text))]
    before = text[:brace].rstrip()[-1:]
    return ";" in inside or before in (")", ";", "{", "}", "")


def start_of(text, partner, position):
    """Start of the full expression around `position`, and the initialiser braces that enclose it."""
    enclosing, i = [], position - 1
    while i >= 0:
        char = text[i]
        if char == ";":
            break
        if char in ")]" and i in partner:
            i = partner[i]
        elif char == "}":
            if i not in partner or is_block(text, partner, partner[i]):
                break
            i = partner[i]
        elif char == "{":
            if is_block(text, partner, i):
                break
            enclosing.append(i)
        elif char == "(" and word_before(text, i) in ("if", "while", "for", "switch", "constexpr"):
            break
        i -= 1
    return i + 1, enclosing


def end_of(text, partner, start, position):
    """End of the full expression; what it began by opening, it closes."""
    i = position
    while i < len(text):
        char = text[i]
        if char == ";":
            return i
        if char in "([{" and i in partner:
            i = partner[i]
        elif char in ")]}" and partner.get(i, -1) < start:
            return i
        i += 1
    return i


def opens_lambda(text, i):
    before = text[:i].rstrip()
    if before.endswith("[") or text.startswith("[[", i):
        return False
    return not before or before[-1] not in "])" and (
        not (before[-1].isalnum() or before[-1] in '_"')
        or word_before(text, i) in ("return", "co_return", "co_await", "co_yield"))


def problems_in(text, partner, start, end):
    """What is wrong between `start` and `end`; bodies of lambdas are other expressions."""
    i = start
    while i < end:
        char = text[i]
        if char == "?":
            yield i, "ternary"
        elif char == "[" and opens_lambda(text, i) and i in partner:
            if text[i + 1:partner[i]].strip():
                yield i, "lambda"
            body = text.find("{", partner[i])
            i = partner.get(body, end)
        elif char == "{" and not is_block(text, partner, i):
            yield i, "braces"
            i = partner.get(i, end)
        elif char == "{":
            i = partner.get(i, end)
        i += 1


JUMP = re.compile(r"\s*(co_return|return|break|continue|throw|\{)")


def conditions(text, partner):
    """Positions of `if (... co_await ...)` in front of a bare statement that does not leave."""
    for word in re.finditer(r"\bif\s*(?:constexpr\s*)?\(", text):
        close = partner.get(word.end() - 1)
        if close and "co_await" in text[word.end():close] and not JUMP.match(text, close + 1):
            yield word.start()


def findings(source):
    """Sorted (line, kind) of all that is wrong in the text of one file."""
    text = blank(source)
    partner = match_brackets(text)
    found = set()
    for await_ in re.finditer(r"\bco_await\b", text):
        start, enclosing = start_of(text, partner, await_.start())
        if enclosing:
            found.add((enclosing[0], "initialiser"))
        end = end_of(text, partner, start, await_.end())
        problems = problems_in(text, partner, start, end)
        found.update(p for p in problems if p[0] not in enclosing)
    found.update((position, "condition") for position in conditions(text, partner))
    return sorted({(text.count("\n", 0, position) + 1, kind) for position, kind in found})


def sources(arguments):
    root = pathlib.Path(__file__).resolve().parent.parent
    for name in arguments or [root / folder for folder in FOLDERS]:
        path = pathlib.Path(name)
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in (".cpp", ".hpp"))
        elif path.exists() or arguments:
            yield path


def main(arguments):
    bad = 0
    for path in sources(arguments):
        # The probe shows the wrong forms on purpose.
        if path.name == "coroutine_temporaries.cpp":
            continue
        try:
            source = path.read_text(encoding="utf-8")
        except OSError as error:
            print(f"{path}: {error.strerror}", file=sys.stderr)
            return 2
        for line, kind in findings(source):
            print(f"{path}:{line}: {MENDS[kind]}")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
