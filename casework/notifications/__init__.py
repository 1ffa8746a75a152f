"""Telling people: messages.py holds the words, templates.py fills them in, outbox.py writes rows in the transaction of
the event, deliver.py sends them afterwards through channels/ (one file each), tasks.py wakes it and sweeps."""
