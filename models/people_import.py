"""Importing the people of the unit and the tree of departments they name."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tortoise.transactions import in_transaction

from models.import_report import Codes, Problems, Progress, Report, quoted
from models.import_steps import (
    batches,
    each_row,
    every,
    finish,
    insert,
    listed,
    one_at_a_time,
    write,
)
from models.people import Department, Person, Role
from models.table_columns import Column
from models.tables import Table

COLUMNS: Final = (
    Column("code", "工号", 40, must_be_filled=True, is_code=True),
    Column("name", "姓名", 60, must_be_filled=True),
    Column("department", "部门", 100, must_be_filled=True),
    Column("parent_department", "上级部门", 100),
    Column("position", "职务", 60),
    Column("roles", "角色", 200, ("role",)),
)
#: The words for roles. 定密责任人 gives none: an appointment makes an officer, not this file.
ROLES: Final[dict[str, Role | None]] = {
    "拟稿人": Role.DRAFTER,
    "承办人": Role.DRAFTER,
    "部门负责人": Role.HEAD,
    "管理员": Role.ADMIN,
    "保密员": Role.CUSTODIAN,
    "定密责任人": None,
    "officer": None,
    **{role.value: role for role in Role},
}


class _Row(NamedTuple):
    line: int
    code: str
    name: str
    department: str
    parent: str
    position: str
    roles: frozenset[Role]

    def flags(self) -> tuple[bool, ...]:
        return tuple(role in self.roles for role in Role)


@dataclass(slots=True)
class _File:
    """The rows of a file, and what it says about departments: name -> (parent, line)."""

    problems: Problems
    rows: dict[str, _Row] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    parents: dict[str, tuple[str, int]] = field(default_factory=dict)

    def check(self, line: int, cells: list[str]) -> None:
        code, name, department, parent, position, words = cells
        roles = set()
        for word in listed(words):
            if word.lower() not in ROLES:
                self.problems.add(line, "roles", "unknown_role", value=quoted(word))
            elif role := ROLES[word.lower()]:
                roles.add(role)
        row = _Row(line, code, name, department, parent, position, frozenset(roles))
        if code:
            first = self.rows.setdefault(code, row)
            if first is not row:
                self.problems.add(line, "code", "duplicate_code", value=code, first=first.line)
        if department:
            self.departments.setdefault(department, line)
            self._place(row)

    def _place(self, row: _Row) -> None:
        if not row.parent:
            return
        parent, first = self.parents.setdefault(row.department, (row.parent, row.line))
        if parent != row.parent:
            self.problems.add(
                row.line,
                "parent_department",
                "parent_contradicts",
                department=quoted(row.department),
                value=quoted(row.parent),
                other=quoted(parent),
                first=first,
            )

    def check_tree(self, known: dict[str, str | None]) -> None:
        """Every parent is known, and nobody is above themselves; ``known`` is the database's."""
        for parent, line in self.parents.values():
            if parent not in known and parent not in self.departments:
                self.problems.add(
                    line, "parent_department", "unknown_department", value=quoted(parent)
                )
        tree = known | {name: parent for name, (parent, _) in self.parents.items()}
        for name, (_, line) in self.parents.items():
            if ring := _ring(name, tree):
                self.problems.add(line, "parent_department", "department_cycle", departments=ring)


def _ring(name: str, tree: dict[str, str | None]) -> list[str]:
    """The departments from ``name`` up to ``name`` again; empty when the way ends at a root."""
    path = [name]
    seen = {name}
    above = tree.get(name)
    while above is not None and above not in seen:
        path.append(above)
        seen.add(above)
        above = tree.get(above)
    return [*path, name] if above == name else []


class _Known(NamedTuple):
    """A person as the database has them."""

    id: int
    code: str
    name: str
    department: int
    position: str
    flags: tuple[bool, ...]


@dataclass(slots=True)
class _Plan:
    """What is to be written."""

    added: list[_Row] = field(default_factory=list)
    changed: list[_Row] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    placed: list[str] = field(default_factory=list)


async def import_people(
    table: Table, *, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """Add and change people and departments as ``table`` says, all or nothing.

    Nobody is removed: a person or department that the file leaves out stays as it is, and so does
    the place of a department whose rows all leave 上级部门 empty. Accounts stay bound.
    :class:`~models.errors.ImportRefused` lists everything that is wrong.
    """
    file = _File(Problems(table.name))
    await each_row(table, COLUMNS, file.problems, file.check, progress)
    async with in_transaction():
        await one_at_a_time("department")
        departments = {department.name: department for department in await Department.all()}
        names = {department.id: department.name for department in departments.values()}
        tree = {
            name: names.get(department.parent_id or 0) for name, department in departments.items()
        }
        file.check_tree(tree)
        file.problems.refuse()
        known = await _known()
        plan = _compare(file, tree, known, names)
        if not dry_run:
            ids = await _write_departments(file, tree, plan)
            await _write_people(plan, known, ids, table, progress)
    finish(table, progress)
    return Report(
        table="people",
        is_dry_run=dry_run,
        rows=len(file.rows),
        added=Codes.of(row.code for row in plan.added),
        changed=Codes.of(row.code for row in plan.changed),
        unchanged=Codes.of(plan.unchanged),
        departments=Codes.of(plan.placed),
    )


async def _known() -> dict[str, _Known]:
    flags = [f"is_{role}" for role in Role]
    columns = ("code", "name", "department_id", "position", *flags)
    known = {}
    async for number, code, name, department, position, *held in every(Person.all(), *columns):
        person = _Known(number, code, name, department, position, tuple(map(bool, held)))
        known[code] = person
    return known


def _compare(
    file: _File, tree: dict[str, str | None], known: dict[str, _Known], names: dict[int, str]
) -> _Plan:
    plan = _Plan()
    for code, row in file.rows.items():
        person = known.get(code)
        if person is None:
            plan.added.append(row)
        elif (row.name, row.department, row.position, row.flags()) != (
            person.name,
            names[person.department],
            person.position,
            person.flags,
        ):
            plan.changed.append(row)
        else:
            plan.unchanged.append(code)
    for name in file.departments:
        parent = file.parents.get(name)
        if name not in tree or (parent and parent[0] != tree[name]):
            plan.placed.append(name)
    return plan


async def _write_departments(
    file: _File, tree: dict[str, str | None], plan: _Plan
) -> dict[str, int]:
    """Create and move the departments of ``plan``; the ids of all departments by name."""
    await insert([Department(name=name) for name in plan.placed if name not in tree])
    ids = {row[1]: row[0] async for row in every(Department.all(), "name")}
    moved: list[list[object]] = [
        [ids[file.parents[name][0]], ids[name]] for name in plan.placed if name in file.parents
    ]
    await write("UPDATE department SET parent_id = ? WHERE id = ?", moved)
    return ids


async def _write_people(
    plan: _Plan,
    known: dict[str, _Known],
    ids: dict[str, int],
    table: Table,
    progress: Progress | None,
) -> None:
    async for batch in batches([*plan.added, *plan.changed], table, progress):
        await insert([_person(row, ids) for row in batch if row.code not in known])
        await write(
            "UPDATE person SET name = ?, department_id = ?, position = ?, is_drafter = ?, "
            "is_head = ?, is_admin = ?, is_custodian = ? WHERE id = ?",
            [
                [row.name, ids[row.department], row.position, *row.flags(), known[row.code].id]
                for row in batch
                if row.code in known
            ],
        )


def _person(row: _Row, ids: dict[str, int]) -> Person:
    flags = {f"is_{role}": role in row.roles for role in Role}
    return Person(
        code=row.code,
        name=row.name,
        department_id=ids[row.department],
        position=row.position,
        **flags,
    )
