"""Importing an edition of the guide: every item checked against the law, or nothing."""

import re
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from models.guide import Disclosure
from models.guide_editions import Wanted, store
from models.import_report import Problems, Progress, Report, quoted
from models.import_steps import each_row
from models.levels import MAX_YEARS, Level, Term, TermKind
from models.table_columns import Column
from models.tables import Table, clean

COLUMNS: Final = (
    Column("code", "编号", 40, ("条目编号",), must_be_filled=True, is_code=True),
    Column("category", "类别", 200, must_be_filled=True),
    Column("matter", "事项", 1000, ("国家秘密事项", "事项名称"), must_be_filled=True),
    Column("level", "密级", 40, must_be_filled=True),
    Column("term", "保密期限", 60),
    Column("access_scope", "知悉范围", 500),
    Column("department", "产生部门", 200, must_exist=False),
    Column("basis", "依据", 500, must_exist=False),
    Column("notes", "备注", 1000, must_exist=False),
)
NAME_LIMIT: Final = 60
_CHINESE_NUMBER: Final = "[一二三四五六七八九十百两半]+"
#: Written as an event it would escape the cap: 三十年, 不超过20年, 10年以上, 永久, 长期（见备注）.
_NO_EVENT: Final = re.compile(
    r"(?:约|至少|至多|最长|不少于|不超过|不低于|不高于|超过)?"
    rf"\s*(?:\d+|{_CHINESE_NUMBER})\s*(?:年|个月|月|天|日|周)"
    r"(?:以上|以下|以内|之内|内|左右|以后|之后|后|整|期|为限)?"
    r"|(?:永久|永远|无限期|不定期|长期)(?:保密|有效|保存)?(?:\W.*)?"
    rf"|.*后\s*{_CHINESE_NUMBER}\s*年.*"
    r"|[\W\d_]*|无|待定|见备注|另行规定"
)
_AFTER_EVENT: Final = re.compile(r".*后\s*(\d{1,4})\s*年内?")


class Item(NamedTuple):
    """One row of the file: what the guide says of one matter."""

    code: str
    category: str
    matter: str
    level: Level
    term: str
    access_scope: str
    department: str
    basis: str
    notes: str


@lru_cache(maxsize=4096)
def _level(word: str) -> Level | None:
    try:
        return Level.parse(word)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _term(word: str) -> Term | None:
    """The term of a cell; None when it is none, or a duration dressed as an event."""
    try:
        term = Term.parse(word)
    except ValueError:
        return None
    return None if term.kind is TermKind.EVENT and _NO_EVENT.fullmatch(term.event) else term


@lru_cache(maxsize=4096)
def _exceeds_law(term: Term, level: Level, effective: date) -> bool:
    """Whether a classified item's term is over 30/20/10 years, also when counted from an event."""
    if term.kind is TermKind.EVENT:
        counted = _AFTER_EVENT.fullmatch(term.event)
        return counted is not None and int(counted[1]) > MAX_YEARS[level]
    return not term.within_law(level, effective)


class _File:
    """The items of a file, and what is wrong with them."""

    def __init__(self, problems: Problems, effective: date) -> None:
        self.problems = problems
        self.effective = effective
        self.items: list[Item] = []
        self.lines: dict[str, int] = {}

    def check(self, line: int, cells: list[str]) -> None:
        code, category, matter, word, term_word, *others = cells
        if code and self.lines.setdefault(code, line) != line:
            self.problems.add(line, "code", "duplicate_code", value=code, first=self.lines[code])
        level = _level(word)
        if level is None:
            if word:
                self.problems.add(line, "level", "unknown_level", value=quoted(word))
            return
        term = self._check_term(line, level, term_word, basis=others[2])
        if level.is_classified and not others[0]:
            self.problems.add(line, "access_scope", "cell_empty")
        self.items.append(Item(code, category, matter, level, term, *others))

    def _check_term(self, line: int, level: Level, word: str, *, basis: str) -> str:
        """The term as it is stored; empty when there is none, or a wrong one."""
        facts = {"level": level.label, "value": quoted(word)}
        if not word:
            if level.is_classified:
                self.problems.add(line, "term", "term_missing", level=level.label)
            return ""
        if level is Level.UNCLASSIFIED:
            self.problems.add(line, "term", "term_not_allowed", **facts)
            return ""
        term = _term(word)
        if term is None:
            self.problems.add(line, "term", "term_not_understood", value=quoted(word))
            return ""
        if term.kind is TermKind.LONG and not basis:
            self.problems.add(line, "basis", "long_term_without_basis", level=level.label)
        if level.is_classified and _exceeds_law(term, level, self.effective):
            self.problems.add(line, "term", "term_too_long", years=MAX_YEARS[level], **facts)
        return str(term)


async def import_guide(  # noqa: PLR0913 - one for each option of the command
    table: Table,
    *,
    edition: str,
    effective: date,
    disclosure: Disclosure = Disclosure.CODES,
    publish: bool = False,
    dry_run: bool = False,
    via: str = "command line",
    progress: Progress | None = None,
) -> Report:
    """Store ``table`` as the edition named ``edition``, a draft unless ``publish``.

    The same edition again changes nothing. Other content under the same name replaces a draft
    that no case cites; else it is refused as :class:`~models.errors.EditionExists`. What is
    wrong with the file is listed by :class:`~models.errors.ImportRefused`. ``via`` is who
    published. The report compares with the edition in force.
    """
    file = _File(Problems(table.name), effective)
    name = clean(edition)
    if not 0 < len(name) <= NAME_LIMIT:
        file.problems.add(0, "", "edition_name_invalid", limit=NAME_LIMIT)
    await each_row(table, COLUMNS, file.problems, file.check, progress)
    file.problems.refuse()
    wanted = Wanted(name, effective, disclosure, publish, via)
    return await store(table, file.items, wanted, dry_run=dry_run, progress=progress)
