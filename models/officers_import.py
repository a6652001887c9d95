"""Importing the officers' appointments: what was used to sign is kept as it was."""

from dataclasses import dataclass, field

from tortoise.transactions import in_transaction

from models.determination import Determination
from models.import_report import Codes, Problems, Progress, Remark, Report
from models.import_steps import batches, each_row, every, finish, insert, one_at_a_time
from models.office import now, today
from models.officers_file import COLUMNS, AppointmentRow, OfficersFile
from models.people import Appointment, AppointmentKind, Department, Person
from models.proposal import Proposal
from models.tables import Table


@dataclass(slots=True)
class _Plan:
    """What is to be written."""

    added: list[AppointmentRow] = field(default_factory=list)
    changed: list[AppointmentRow] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


async def import_officers(
    table: Table, *, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """Add and change officers' appointments as ``table`` says, all or nothing.

    A person's appointment of one kind is one row. When its ceiling, departments, document or
    validity change after a case has used it, it ends now and a new one begins: history shows what
    was signed under. Other changes, and training dates, are made in place. Nobody's appointment
    ends because the file leaves it out. :class:`~models.errors.ImportRefused` lists what is wrong.
    """
    file = OfficersFile(Problems(table.name))
    await each_row(table, COLUMNS, file.problems, file.check, progress)
    async with in_transaction():
        await one_at_a_time("appointment")
        people = {row[1]: row[0] async for row in every(Person.all(), "code")}
        file.check_names(people, [row[1] async for row in every(Department.all(), "name")])
        present = await _present(people)
        file.check_ceilings({k: v for k, v in present.items() if not _is_over(v)})
        file.problems.refuse()
        plan = _compare(file, present)
        if not dry_run:
            await _write(plan, present, people, table, progress)
    finish(table, progress)
    return Report(
        table="officers",
        is_dry_run=dry_run,
        rows=len(file.rows),
        added=Codes.of(row.code for row in plan.added),
        changed=Codes.of(row.code for row in plan.changed),
        unchanged=Codes.of(plan.unchanged),
        warnings=tuple(_remarks(file, present)),
    )


async def _present(people: dict[str, int]) -> dict[tuple[str, AppointmentKind], Appointment]:
    """The appointments that have not been ended, the latest of each person and kind."""
    codes = {number: code for code, number in people.items()}
    held = Appointment.filter(ended_at__isnull=True).order_by("id").select_for_update()
    return {(codes[one.person_id], one.kind): one for one in await held}


def _is_over(appointment: Appointment) -> bool:
    return appointment.valid_until is not None and appointment.valid_until < today()


def _power(held: Appointment) -> tuple[object, ...]:
    departments = frozenset(held.departments)
    return held.ceiling, departments, held.document_no, held.valid_from, held.valid_until


def _compare(file: OfficersFile, present: dict[tuple[str, AppointmentKind], Appointment]) -> _Plan:
    plan = _Plan()
    for row in file.rows:
        held = present.get(row.key)
        if held is None:
            plan.added.append(row)
        elif row.power == _power(held) and row.trained_on == held.trained_on:
            plan.unchanged.append(row.code)
        else:
            plan.changed.append(row)
    return plan


def _remarks(
    file: OfficersFile, present: dict[tuple[str, AppointmentKind], Appointment]
) -> list[Remark]:
    remarks = []
    kinds = {row.kind for row in file.rows} | {kind for _, kind in present}
    if AppointmentKind.STATUTORY not in kinds:
        remarks.append(Remark.of("no_statutory_officer", []))
    untrained = [row.code for row in file.rows if not _appointment(row, 0).trained(today())]
    if untrained:
        remarks.append(Remark.of("training_not_valid", untrained))
    return remarks


async def _write(
    plan: _Plan,
    present: dict[tuple[str, AppointmentKind], Appointment],
    people: dict[str, int],
    table: Table,
    progress: Progress | None,
) -> None:
    used = await _used([present[row.key].id for row in plan.changed])
    async for batch in batches([*plan.added, *plan.changed], table, progress):
        new = []
        for row in batch:
            held = present.get(row.key)
            if held is None:
                new.append(_appointment(row, people[row.code]))
            elif held.id in used and row.power != _power(held):
                held.ended_at = now()
                await held.save(update_fields=["ended_at"])
                new.append(_appointment(row, people[row.code]))
            else:
                await _change(held, row)
        await insert(new)


async def _used(appointments: list[int]) -> set[int]:
    """Which of ``appointments`` a case has been routed by or signed under."""
    found: set[int] = set()
    for start in range(0, len(appointments), 500):
        some = {"appointment_id__in": appointments[start : start + 500]}
        for table in (Proposal, Determination):
            found.update(row[0] for row in await table.filter(**some).values_list("appointment_id"))
    return found


def _appointment(row: AppointmentRow, person: int) -> Appointment:
    return Appointment(
        person_id=person,
        kind=row.kind,
        ceiling=row.ceiling,
        departments=list(row.departments),
        document_no=row.document_no,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        trained_on=row.trained_on,
    )


async def _change(held: Appointment, row: AppointmentRow) -> None:
    held.ceiling = row.ceiling
    held.departments = list(row.departments)
    held.document_no = row.document_no
    held.valid_from = row.valid_from
    held.valid_until = row.valid_until
    held.trained_on = row.trained_on
    await held.save()
