"""Formatted text: HTML in, plain text and entities out, with UTF-16 offsets as on the wire."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

from .errors import Refused

Json = dict[str, Any]

TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
}

#: What Telegram marks by itself in any text, by whomever.
FOUND: Final = re.compile(
    r"(?P<url>https?://[^\s<>\"、，。；）]+|\bt\.me/[^\s<>\"、，。；）]+)"
    r"|(?P<email>\b[\w.+-]+@[\w-]+\.[a-zA-Z]{2,}\b)"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/@])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z]\w{3,31})\b"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
)
ATTRIBUTE: Final = re.compile(r"""([\w-]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")


def utf16(text: str) -> int:
    """The length of ``text`` in UTF-16 code units, the unit of every offset."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int


class _Html:
    """One pass over the text; every complaint names the byte offset, as Telegram's does."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text = ""
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def parse(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            bracket = self.source.find("<", self.at)
            end = len(self.source) if bracket < 0 else bracket
            self._take(unescape(self.source[self.at : end]))
            self.at = end
            if bracket >= 0:
                self._close_tag() if self.source.startswith("</", end) else self._open_tag()
        if self.open:
            self._fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return self.text, sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def _take(self, text: str) -> None:
        self.text += text
        self.length += utf16(text)

    def _fail(self, words: str) -> None:
        raise Refused(400, f"can't parse entities: {words}")

    def _tag(self, what: str) -> tuple[str, int, int]:
        """The inside of the tag at the cursor, its byte offset, and where it ends."""
        offset = len(self.source[: self.at].encode())
        end = self.source.find(">", self.at)
        if end < 0:
            self._fail(f"Unclosed {what} tag at byte offset {offset}")
        return self.source[self.at + 1 : end], offset, end + 1

    def _open_tag(self) -> None:
        inside, offset, end = self._tag("start")
        tag, _, rest = inside.partition(" ")
        tag = tag.strip().lower()
        attributes = {
            match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
            for match in ATTRIBUTE.finditer(rest)
        }
        spoiler = tag != "span" or attributes.get("class") == "tg-spoiler"
        if tag not in TAGS or not spoiler:
            self._fail(f'Unsupported start tag "{tag}" at byte offset {offset}')
        self.open.append(_Open(tag, attributes, self.length))
        self.at = end

    def _close_tag(self) -> None:
        inside, offset, end = self._tag("end")
        found = inside[1:].strip().lower()
        if not self.open:
            self._fail(f"Unexpected end tag at byte offset {offset}")
        opened = self.open.pop()
        if found and found != opened.tag:
            self._fail(
                f"Unmatched end tag at byte offset {offset}, "
                f'expected "</{opened.tag}>", found "</{found}>"'
            )
        self.at = end
        if self.length > opened.start:
            self._mark(opened)

    def _mark(self, opened: _Open) -> None:
        entity: Json = {
            "type": TAGS[opened.tag],
            "offset": opened.start,
            "length": self.length - opened.start,
        }
        if opened.tag == "a":
            if not opened.attributes.get("href"):
                return
            entity["url"] = opened.attributes["href"]
        if opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        language = opened.attributes.get("class", "").removeprefix("language-")
        if opened.tag == "code" and self.open and self.open[-1].tag == "pre":
            self.open[-1].attributes["class"] = f"language-{language}"
            return
        if opened.tag == "pre" and language:
            entity["language"] = language
        self.entities.append(entity)


def parse(text: str, mode: str, given: list[Json]) -> tuple[str, list[Json]]:
    """Plain text and entities of ``text``: by parse mode, or the entities given with it."""
    if mode and mode.lower() != "html":
        if mode.lower() in {"markdown", "markdownv2"}:
            raise Refused(501, f"the sandbox reads parse_mode HTML, not {mode}")
        raise Refused(400, "unsupported parse_mode")
    plain, entities = _Html(text).parse() if mode else (text, given)
    plain, entities = _strip(plain, entities)
    return plain, _with_found(plain, entities)


def _strip(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without the blanks at both ends, as Telegram stores it."""
    lead = utf16(text) - utf16(text.lstrip())
    plain = text.strip()
    total = utf16(plain)
    kept = []
    for entity in entities:
        start = max(int(entity["offset"]) - lead, 0)
        end = min(int(entity["offset"]) + int(entity["length"]) - lead, total)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return plain, kept


def _with_found(text: str, entities: list[Json]) -> list[Json]:
    """Also what Telegram finds by itself, outside code and links."""
    taken = [
        (e["offset"], e["offset"] + e["length"])
        for e in entities
        if e["type"] in {"code", "pre", "text_link"}
    ]
    found = []
    for match in FOUND.finditer(text):
        start = utf16(text[: match.start()])
        end = start + utf16(match[0])
        if all(end <= low or start >= high for low, high in taken):
            found.append({"type": match.lastgroup, "offset": start, "length": end - start})
    return sorted([*entities, *found], key=lambda e: (e["offset"], -e["length"]))


def typed(text: str) -> tuple[str, list[Json]]:
    """What a person typed: plain text, with commands, links and mentions marked."""
    plain = text.strip()
    return plain, _with_found(plain, [])
