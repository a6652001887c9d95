"""How well an entry fits a query."""

from dataclasses import dataclass

WEIGHTS = dict(
    bm25=0.5,
    gram=1.0,
    char=0.5,
    sound=0.5,
    run=0.5,
    path=0.2,
    spelt=1.5,
    number=0.3,
    missing=-0.5,
    code=2.0,
    prefix=0.2,
    length=-0.3,
)


@dataclass
class Weights:
    gram: list
    char: list
    sound: list


def cover(terms, weights, inside):
    total = sum(weights)
    return sum(w for t, w in zip(terms, weights) if t in inside) / total if total else 0.0


def features(query, entry, w, bm25):
    text = entry.text
    f = dict(bm25=bm25)
    f["gram"] = cover(query.grams, w.gram, text)
    f["char"] = cover(query.chars, w.char, text)
    f["sound"] = cover([" %s " % s.replace("'", " ") for s in query.sounds], w.sound, entry.sound)
    words = ["".join(x) for x in query.signs]
    f["run"] = sum(len(x) for x in words if x in text) / max(1, sum(map(len, words)))
    f["path"] = cover(query.grams, w.gram, entry.path)
    total = sum(n for _, n in query.spellings)
    f["spelt"] = (
        sum(n for p, n in query.spellings if p.search(entry.spelling)) / total if total else 0.0
    )
    n = len(query.numbers)
    hit = sum(x in entry.numbers or "#" + x[1:-1] + "#" in entry.numbers for x in query.numbers)
    f["number"] = hit / n if n else 0
    f["missing"] = (n - hit) / n if n else 0
    f["code"] = 0.0
    if k := query.key:
        f["code"] = (
            1.0
            if k == entry.key
            else 0.8
            if entry.key.startswith(k)
            else 0.6
            if k in entry.key
            else 0.0
        )
    f["prefix"] = float(bool(words) and text.startswith(words[0]))
    f["length"] = len(text) / 50
    return f
