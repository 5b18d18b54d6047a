"""Staff add charges and void them (P1, P2)."""

from datetime import datetime

from graph_api.acting.appointments.graph.writes import AppointmentWrites
from graph_api.acting.appointments.model import Appointment
from graph_api.acting.payments.audit import audited_charge
from graph_api.acting.payments.charges import refuse_audience, voided
from graph_api.acting.payments.checks import ChargeDraft, checked_charge, refuse_too_large, refuse_too_many
from graph_api.acting.payments.graph.writes import ChargeWrites, LedgerWrites
from graph_api.acting.payments.ledger import charge_added, charge_voided
from graph_api.acting.payments.locked import opened_by_staff
from graph_api.acting.payments.model import Charge
from graph_api.acting.payments.reading import PaymentReading
from graph_api.acting.payments.shown import ShownCharge
from graph_api.kernel.errors import not_found, refuse_stale
from graph_api.kernel.happened import EventKind
from graph_api.kernel.ids import is_id, new_id
from graph_api.kernel.scope import Scope
from graph_api.kernel.text import clean_reason
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.people.commands import refuse_archived


class ChargeService:
    """Mutations of charges."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._reading = scope[PaymentReading]

    async def add(self, request: Request, draft: ChargeDraft) -> Outcome[ShownCharge]:
        """Add a charge.

        Refused with NotFound, for the reasons of `checked_charge`, and with `client.archived`, `currency.missing`,
        `charges.tooMany`, `balance.tooLarge`, `audience.tooWide`.
        """
        charge_id = new_id("charge")

        async def change(tx: Transaction, asked: ChargeDraft, _now: datetime) -> Outcome[ShownCharge]:
            opened = await opened_by_staff(tx, self._unit.caller, asked.client_id, "clientId")
            refuse_archived(opened.client.client_status, "clientId")
            appointment = await self._appointment(tx, asked)
            refuse_audience(asked.audience, appointment)
            refuse_too_large(opened.ledger.head.balance + asked.amount)
            refuse_too_many(len(await tx[ChargeWrites].open_of(asked.client_id)))
            charge = Charge(
                id=charge_id,
                client_id=asked.client_id,
                amount=asked.amount,
                service_date=asked.service_date,
                description=asked.description,
                added_by=opened.author,
                public_description=asked.public_description,
                appointment_id=asked.appointment_id,
                audience=asked.audience,
                created_at=tx.stamp(),
            )
            await tx[ChargeWrites].create(charge)
            await tx[LedgerWrites].append(opened.ledger, charge_added(charge))
            told = audited_charge(EventKind.ADD_CHARGE, opened.author, None, charge)
            return Outcome(ShownCharge(charge, opened.reader, opened.currency), events=(told,))

        return await self._unit.run(request, lambda: checked_charge(draft), change, self._reading.reload_charge)

    async def _appointment(self, tx: Transaction, asked: ChargeDraft) -> Appointment | None:
        """What the charge is for; under the client's lock nobody changes it.

        Raises:
            Refused: NotFound where the client has no such appointment.
        """
        if asked.appointment_id is None:
            return None
        found = await tx[AppointmentWrites].by_ids([asked.appointment_id])
        if not found or found[0].client_id != asked.client_id:
            raise not_found("appointmentId")
        return found[0]

    async def void(self, request: Request, charge_id: str, version: int, reason: str | None) -> Outcome[ShownCharge]:
        """Take a charge back that nobody has paid.

        Refused with NotFound, VersionConflict, `charge.void`, `charge.beingPaid`, `reason.*`.
        """
        client_id = await self._reading.client_of_charge(charge_id)

        def check() -> str | None:
            if not is_id("charge", charge_id):
                raise not_found("chargeId")
            return clean_reason(reason)

        async def change(tx: Transaction, kept: str | None, _now: datetime) -> Outcome[ShownCharge]:
            opened = await opened_by_staff(tx, self._unit.caller, client_id, "chargeId")
            before = (await tx[ChargeWrites].by_ids([charge_id]))[0]
            refuse_stale(ShownCharge(before, opened.reader, opened.currency), version)
            after = voided(before, opened.author, tx.stamp(), kept)
            await tx[ChargeWrites].update({before.id: before}, [after])
            await tx[LedgerWrites].append(opened.ledger, charge_voided(before))
            told = audited_charge(EventKind.VOID_CHARGE, opened.author, before, after)
            return Outcome(ShownCharge(after, opened.reader, opened.currency), events=(told,))

        return await self._unit.run(request, check, change, self._reading.reload_charge)
