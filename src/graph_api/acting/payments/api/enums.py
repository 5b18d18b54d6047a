"""Enums of payments, as the contract names and describes them."""

from graph_api.acting.payments.model import PaymentFailure, PaymentMethod, PaymentStatus
from graph_api.shapes.enums import show

show(
    PaymentStatus,
    "PaymentStatus",
    "Where a payment or a refund stands",
    PENDING="It waits for its payer",
    PROCESSING="The payer has done their part, and the money is on its way",
    SUCCEEDED="The money has come, or gone back",
    FAILED="No money has moved",
    CANCELLED="It was cancelled before any money moved",
)
show(
    PaymentMethod,
    "PaymentMethod",
    "How somebody paid",
    CARD_ONLINE="By card from a portal account; recorded by itself",
    CASH="In cash",
    CHECK="By check",
    CARD_TERMINAL="By card at the desk",
    BANK="By bank transfer",
    OTHER="In another way",
)
show(
    PaymentFailure,
    "PaymentFailure",
    "Why a payment did not succeed",
    DECLINED="The bank declined it",
    EXPIRED_CARD="The card has expired",
    AUTHENTICATION="The payer did not prove that the card is theirs",
    CANCELLED="The payer broke it off, or let its time run out",
    OTHER="Another reason",
)
