"""How the graph keeps what has to do with payments."""

from graph_api.acting.payments.ledger import Head, LedgerEntry
from graph_api.acting.payments.model import Charge, Payment, Refund
from graph_api.kernel.fields import Codec

CHARGE = Codec(Charge)
PAYMENT = Codec(Payment)
REFUND = Codec(Refund)
LEDGER_ENTRY = Codec(LedgerEntry)
HEAD = Codec(Head)
"""On the Ledger node, which is locked."""
