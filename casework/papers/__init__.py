"""Letters and rosters as PDF, their numbers and the QR check.

order: a row in the transaction of its event · kinds: what letters there are · render: row → HTML → PDF (pdf) ·
tasks: the worker that makes and keeps the file · check: the code under the QR sign.
"""
