"""Charges, payments, refunds and ledgers in the graph."""
