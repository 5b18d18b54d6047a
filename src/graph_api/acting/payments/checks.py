"""Checks of what is sent to charge, pay, record and refund (P1, P4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from graph_api.acting.appointments.checks import FIRST_YEAR, LAST_YEAR
from graph_api.acting.appointments.model import RecordAudience
from graph_api.acting.payments.model import PaymentMethod
from graph_api.acting.payments.money import MAX_AMOUNT, MIN_AMOUNT
from graph_api.kernel.errors import NotFound, Refused, invalid, not_found
from graph_api.kernel.ids import is_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.text import MAX_REFERENCE, clean_reason, clean_text

MAX_CHARGES = 100
"""That one payment may name."""
MAX_BALANCE = 2_147_483_647
MAX_OPEN = 1_000
"""Charges of one client that are open: a payment of all that is due is laid on each."""


@dataclass(frozen=True, slots=True)
class ChargeDraft:
    """A charge as it was asked for."""

    client_id: str
    amount: int
    description: str
    service_date: date
    public_description: str | None = None
    appointment_id: str | None = None
    audience: RecordAudience = RecordAudience.SHARED


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A payment as a portal account asked for it."""

    client_id: str
    amount: int
    charge_ids: tuple[str, ...] | None = None
    """None: the oldest first."""


@dataclass(frozen=True, slots=True)
class RecordedDraft:
    """A payment as staff recorded it."""

    client_id: str
    amount: int
    method: PaymentMethod
    charge_ids: tuple[str, ...] | None = None
    payer_person_id: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class RefundDraft:
    """A refund as staff asked for it."""

    payment_id: str
    amount: int
    reason: str | None = None
    reopens: bool = False


def checked_charge(draft: ChargeDraft) -> ChargeDraft:
    """A charge with its texts cleaned.

    Raises:
        Refused: NotFound for malformed ids; `amount.outOfRange`; `description.*` and `publicDescription.*` as texts
            have them; `serviceDate.outOfRange`.
    """
    _check_ids(("person", draft.client_id, "clientId"), ("appointment", draft.appointment_id, "appointmentId"))
    problems = Problems()
    _check_amount(draft.amount, problems)
    description = clean_text(draft.description, problems, "description", "description")
    public = clean_text(draft.public_description, problems, "publicDescription", "publicDescription")
    if not FIRST_YEAR <= draft.service_date.year <= LAST_YEAR:
        message = f"This must be between the years {FIRST_YEAR} and {LAST_YEAR}."
        problems.add("serviceDate.outOfRange", message, "serviceDate")
    problems.refuse()
    return replace(draft, description=description or "", public_description=public)


def check_payment(draft: PaymentDraft, idempotency_key: str | None) -> None:
    """A payment by a portal account.

    Raises:
        Refused: NotFound for malformed ids; `amount.outOfRange`; `chargeIds.empty`, `chargeIds.tooMany`;
            `idempotencyKey.missing`.
    """
    _check_ids(("person", draft.client_id, "clientId"))
    problems = Problems()
    _check_amount(draft.amount, problems)
    _check_charges(draft.charge_ids, problems)
    _check_key(idempotency_key, problems)
    problems.refuse()


def checked_recorded(draft: RecordedDraft, idempotency_key: str | None) -> RecordedDraft:
    """A payment that staff record, with its reference cleaned.

    Raises:
        Refused: as `check_payment`; `method.online`: staff can't record what only a gateway knows; `reference.*` as
            texts have them.
    """
    _check_ids(("person", draft.client_id, "clientId"), ("person", draft.payer_person_id, "payerPersonId"))
    problems = Problems()
    _check_amount(draft.amount, problems)
    _check_charges(draft.charge_ids, problems)
    _check_key(idempotency_key, problems)
    if draft.method is PaymentMethod.CARD_ONLINE:
        message = "Payments by card online are recorded by themselves. For a card at the desk, say CARD_TERMINAL."
        problems.add("method.online", message, "method")
    reference = clean_text(draft.reference, problems, "reference", "reference", limit=MAX_REFERENCE)
    problems.refuse()
    return replace(draft, reference=reference)


def checked_refund(draft: RefundDraft, idempotency_key: str | None) -> RefundDraft:
    """A refund with its reason cleaned.

    Raises:
        Refused: NotFound for a malformed id; `amount.outOfRange`; `idempotencyKey.missing`; `reason.*` as texts have
            them.
    """
    _check_ids(("payment", draft.payment_id, "paymentId"))
    problems = Problems()
    _check_amount(draft.amount, problems)
    _check_key(idempotency_key, problems)
    problems.refuse()
    return replace(draft, reason=clean_reason(draft.reason))


def refuse_too_large(balance: int) -> None:
    """Refuse what would make a client owe more than an answer can say: GraphQL's integers have 32 bits.

    Raises:
        Refused: `balance.tooLarge`.
    """
    if balance > MAX_BALANCE:
        raise Refused([invalid("balance.tooLarge", "A client can't owe that much here. Settle other charges first.")])


def refuse_too_many(are_open: int) -> None:
    """Refuse one more charge for a client of whom as many are open as may be.

    Raises:
        Refused: `charges.tooMany`.
    """
    if are_open >= MAX_OPEN:
        raise Refused([invalid("charges.tooMany", f"At most {MAX_OPEN:,} charges of a client can be open.")])


def _check_ids(*ids: tuple[str, str | None, str]) -> None:
    """Ids of kinds, each with the field that it was sent in; None is none."""
    for kind, value, path in ids:
        if value is not None and not is_id(kind, value):
            raise not_found(path)


def _check_amount(amount: int, problems: Problems) -> None:
    if not MIN_AMOUNT <= amount <= MAX_AMOUNT:
        message = f"This must be between {MIN_AMOUNT} and {MAX_AMOUNT:,}, in the smallest units of the currency."
        problems.add("amount.outOfRange", message, "amount")


def _check_charges(charge_ids: Sequence[str] | None, problems: Problems) -> None:
    """Charges that were named; a malformed id is refused at once, as one that never was.

    Raises:
        Refused: NotFound.
    """
    if charge_ids is None:
        return
    if not charge_ids:
        problems.add("chargeIds.empty", "Name a charge, or omit this to pay the oldest first.", "chargeIds")
    if len(charge_ids) > MAX_CHARGES:
        problems.add("chargeIds.tooMany", f"At most {MAX_CHARGES} charges.", "chargeIds")
        return
    wrong = [
        NotFound(path=("chargeIds", str(place))) for place, one in enumerate(charge_ids) if not is_id("charge", one)
    ]
    if wrong:
        raise Refused(wrong)


def _check_key(idempotency_key: str | None, problems: Problems) -> None:
    """Nobody pays twice because they clicked twice (P4)."""
    if idempotency_key is None:
        message = "Send a key of your own with each payment, and the same one when you try again."
        problems.add("idempotencyKey.missing", message, "idempotencyKey")
