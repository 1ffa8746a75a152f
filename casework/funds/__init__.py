"""Funds, the append-only double-entry ledger, reservations, payments, batches, bank layouts, reconciliation."""
