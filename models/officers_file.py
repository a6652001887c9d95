"""The rows of an officers file, and everything that can be wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from models.import_report import Problems, quoted
from models.import_steps import day, listed
from models.levels import Level
from models.office import today
from models.people import Appointment, AppointmentKind
from models.table_columns import Column

COLUMNS: Final = (
    Column("code", "工号", 40, must_be_filled=True, is_code=True),
    Column("kind", "类型", 40, must_be_filled=True),
    Column("ceiling", "权限", 40, ("定密权限",), must_be_filled=True),
    Column("departments", "责任部门", 2000, ("department",), must_be_filled=True),
    Column("document_no", "指定文号", 60),
    Column("valid_from", "生效日期", 40, must_be_filled=True),
    Column("valid_until", "失效日期", 40),
    Column("trained_on", "培训日期", 40),
)
KINDS: Final = {
    "法定": AppointmentKind.STATUTORY,
    "指定": AppointmentKind.DESIGNATED,
    **{kind.value: kind for kind in AppointmentKind},
}
ALL: Final = frozenset({"*", "＊", "全部", "all"})


class AppointmentRow(NamedTuple):
    """One whole row: an appointment as it is to be."""

    line: int
    code: str
    kind: AppointmentKind
    ceiling: Level
    departments: tuple[str, ...]
    document_no: str
    valid_from: date
    valid_until: date | None
    trained_on: date | None

    @property
    def key(self) -> tuple[str, AppointmentKind]:
        """What makes it the same appointment in the next file."""
        return self.code, self.kind

    @property
    def power(self) -> tuple[object, ...]:
        """What a signature rests on; training is apart, it is renewed."""
        departments = frozenset(self.departments)
        return self.ceiling, departments, self.document_no, self.valid_from, self.valid_until


@dataclass(slots=True)
class OfficersFile:
    """The rows of a file that are whole, and what is wrong with all of them."""

    problems: Problems
    rows: list[AppointmentRow] = field(default_factory=list)
    lines: dict[tuple[str, AppointmentKind], int] = field(default_factory=dict)
    codes: list[tuple[int, str]] = field(default_factory=list)
    departments: list[tuple[int, str]] = field(default_factory=list)

    def check(self, line: int, cells: list[str]) -> None:
        """Take in one row."""
        code, kind_word, ceiling_word, covered, document_no, *days = cells
        kind = KINDS.get(kind_word.lower())
        if kind is None and kind_word:
            self.problems.add(line, "kind", "unknown_kind", value=quoted(kind_word))
        if kind is AppointmentKind.DESIGNATED and not document_no:
            self.problems.add(line, "document_no", "document_no_missing")
        ceiling = self._ceiling(line, ceiling_word)
        departments = self._departments(line, covered)
        valid_from, valid_until, trained_on = self._days(line, days)
        if code:
            self.codes.append((line, code))
        if not (code and kind and ceiling and valid_from):
            return
        first = self.lines.setdefault((code, kind), line)
        if first != line:
            self.problems.add(line, "code", "duplicate_appointment", value=code, first=first)
        self.rows.append(
            AppointmentRow(
                line, code, kind, ceiling, departments, document_no, valid_from, valid_until,
                trained_on,
            )
        )  # fmt: skip

    def _ceiling(self, line: int, word: str) -> Level | None:
        try:
            ceiling = Level.parse(word)
        except ValueError:
            if word:
                self.problems.add(line, "ceiling", "unknown_level", value=quoted(word))
            return None
        if not ceiling.is_classified:
            self.problems.add(line, "ceiling", "not_a_ceiling", level=ceiling.label)
        return ceiling

    def _departments(self, line: int, cell: str) -> tuple[str, ...]:
        names = listed(cell)
        if any(name.lower() in ALL for name in names):
            if len(names) > 1:
                self.problems.add(line, "departments", "all_and_more", value=quoted(cell))
            return ("*",)
        self.departments += [(line, name) for name in names]
        return tuple(names)

    def _days(self, line: int, cells: list[str]) -> list[date | None]:
        names = ("valid_from", "valid_until", "trained_on")
        days = [day(cell) for cell in cells]
        for name, cell, found in zip(names, cells, days, strict=True):
            if cell and found is None:
                self.problems.add(line, name, "not_a_date", value=quoted(cell))
        begins, ends, trained = days
        if begins and ends and ends < begins:
            facts = {"valid_from": begins.isoformat(), "valid_until": ends.isoformat()}
            self.problems.add(line, "valid_until", "dates_reversed", **facts)
        if trained and trained > today():
            value = trained.isoformat()
            self.problems.add(line, "trained_on", "date_in_future", value=value)
        return days

    def check_names(self, people: Iterable[str], departments: Iterable[str]) -> None:
        """Officers are people and cover departments that have been imported before."""
        known_people, known_departments = set(people), set(departments)
        for line, code in self.codes:
            if code not in known_people:
                self.problems.add(line, "code", "unknown_person", value=code)
        for line, name in self.departments:
            if name not in known_departments:
                self.problems.add(line, "departments", "unknown_department", value=quoted(name))

    def check_ceilings(self, present: dict[tuple[str, AppointmentKind], Appointment]) -> None:
        """No designated officer signs above the unit, that is above its statutory officer.

        (实施条例 2024 第16条; 定密规定 2014 第15条.) Appointments in the database count unless the
        file replaces them.
        """
        kept = [(key, held.ceiling) for key, held in present.items() if key not in self.lines]
        every_one = kept + [(row.key, row.ceiling) for row in self.rows]
        statutory = [level for (_, kind), level in every_one if kind is AppointmentKind.STATUTORY]
        if not statutory:
            return
        most = max(statutory, key=lambda level: level.rank)
        for row in self.rows:
            if row.kind is AppointmentKind.DESIGNATED and row.ceiling.rank > most.rank:
                facts = {"level": row.ceiling.label, "most": most.label}
                self.problems.add(row.line, "ceiling", "ceiling_too_high", **facts)
        above = [
            code
            for (code, kind), level in kept
            if kind is AppointmentKind.DESIGNATED and level.rank > most.rank
        ]
        for row in self.rows:
            if above and row.kind is AppointmentKind.STATUTORY:
                facts = {"level": row.ceiling.label}
                self.problems.add(
                    row.line, "ceiling", "ceiling_below_designated", **facts, codes=above[:5]
                )
