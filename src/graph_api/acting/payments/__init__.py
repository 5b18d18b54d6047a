"""Charges, payments, refunds, and the ledger of a client (P1-P15)."""
