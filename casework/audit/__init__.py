"""The event log: one hash chain per subject, signed checkpoints, proofs and the verifier."""
