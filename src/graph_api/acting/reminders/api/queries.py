"""Questions about reminders."""

from typing import Annotated, Any

import strawberry

from graph_api.acting.reminders.api.types import ReminderPlanLine, ReminderRule
from graph_api.acting.reminders.reading import ReminderReading
from graph_api.kernel.rules import INSIDE, WRITERS
from graph_api.shapes.context import Info
from graph_api.shapes.node import readable


@strawberry.type(description="Questions about reminders")
class ReminderQueries:
    @strawberry.field(
        description="The practice's rules of reminders, the one that reminds the longest before first; at most 5",
        graphql_type=list[ReminderRule] | None,
        metadata=readable(INSIDE),
    )
    async def reminder_rules(self, info: Info) -> Any:
        return (await info.context[ReminderReading].settings()).rules

    @strawberry.field(
        description="Who would be reminded of an appointment, where and when, and who would not, with the reason. It "
        "is looked at again when a reminder is sent",
        graphql_type=list[ReminderPlanLine] | None,
        metadata=readable(WRITERS),
    )
    async def preview_reminders(
        self,
        info: Info,
        appointment_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the appointment")],
    ) -> Any:
        return await info.context[ReminderReading].preview(str(appointment_id))
