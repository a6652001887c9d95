"""Operations for migrations: SQL by hand, per dialect, where Tortoise's own would harm SQLite."""

from collections.abc import Sequence
from typing import Any

from tortoise.migrations.operations import TortoiseOperation


class DialectSQL(TortoiseOperation):
    """Statements for each dialect; ``state`` holds built-in operations whose state change applies.

    SQLite cannot alter a table in place, and Tortoise's rebuild of it loses indexes and cascades
    over children: so anything beyond a new table or column is written here.
    """

    def __init__(
        self,
        *,
        sqlite: Sequence[str],
        postgres: Sequence[str],
        sqlite_down: Sequence[str] | None = None,
        postgres_down: Sequence[str] | None = None,
        state: Sequence[Any] = (),
    ) -> None:
        self.up = {"sqlite": sqlite, "postgres": postgres}
        self.down = {"sqlite": sqlite_down, "postgres": postgres_down}
        self.state = state
        self.reversible = sqlite_down is not None and postgres_down is not None

    def state_forward(self, app_label: str, state: Any) -> None:
        """The state after ``state``'s operations; the statements change none."""
        for operation in self.state:
            operation.state_forward(app_label, state)

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        """Run the statements of the dialect spoken."""
        del app_label, old_state, new_state
        await _run(state_editor, self.up[state_editor.client.capabilities.dialect])

    async def database_backward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        """Run the statements that undo it, last first as they are given."""
        del app_label, old_state, new_state
        await _run(state_editor, self.down[state_editor.client.capabilities.dialect] or ())


async def _run(state_editor: Any, statements: Sequence[str]) -> None:
    """Run each whole: Tortoise's own way cuts at every ``;``, also inside a trigger."""
    for statement in statements:
        if state_editor.collect_sql:
            state_editor.collected_sql.append(statement)
        else:
            await state_editor.client.execute_query(statement)
