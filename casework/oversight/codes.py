"""Findings in words, for pages. The command prints the code and plain English."""
from django.utils.translation import gettext_lazy as _

from casework.audit.findings import Finding
from casework.core.problems import Words

WORDS: dict[str, Words] = {
    "event_changed": _("The content of an event was changed."),
    "event_missing": _("An event is missing."),
    "event_foreign": _("An event stands where none was written."),
    "event_rewritten": _("An event is not the one that was sealed."),
    "chain_broken": _("An event does not carry the hash of the event before it."),
    "head_wrong": _("The head of the chain is not its last event."),
    "personal_part_lost": _("The encrypted personal part of an event is missing or too many."),
    "personal_part_changed": _("The encrypted personal part of an event was changed."),
    "checkpoint_missing": _("A checkpoint is gone from the database."),
    "checkpoint_changed": _("A checkpoint differs from the copy kept outside."),
    "checkpoint_chain_broken": _("A checkpoint does not follow the one before it."),
    "leaf_changed": _("What a checkpoint sealed was changed."),
    "root_wrong": _("The sealed events do not give the root of their checkpoint."),
    "signature_wrong": _("The signature of a checkpoint is not ours."),
    "key_unknown": _("A checkpoint was signed with a key that is not kept outside."),
    "copy_changed": _("An outside copy of a checkpoint is spoilt."),
    "copy_missing": _("An outside copy of a checkpoint is missing."),
    "split_view": _("Two readers were given two different checkpoints under one number."),
    "case_differs": _("The case is not what its events made of it."),
    "case_missing": _("A case was deleted."),
    "decision_differs": _("A decision is not what its event tells."),
    "notice_differs": _("A public notice is not what events told of it."),
    "entry_differs": _("An entry of a register is not what an event left it as."),
    "row_missing": _("A record that events tell of was deleted."),
    "payee_differs": _("The payee account is not the one that was approved."),
    "version_differs": _("The case stands under another version than its events tell."),
    "answers_changed": _("Answers of a form were changed."),
    "answers_missing": _("Answers of a form were deleted."),
    "cipher_foreign": _("An encrypted value is not the one of its person or place."),
    "file_changed": _("A file was replaced."),
    "document_differs": _("What is noted of a file was changed."),
    "file_missing": _("A file is missing."),
    "file_unrecorded": _("A file was added without an event."),
    "ledger_unbalanced": _("A posting does not sum to zero."),
    "ledger_differs": _("A posting is not what its event tells."),
    "balance_differs": _("A balance is not the sum of its entries."),
    "balance_negative": _("A balance is below zero."),
    "reserved_differs": _("Reserved money differs from the open reservations."),
    "fund_differs": _("A fund is not what it was opened as."),
    "payment_differs": _("A payment is not what its events and postings made of it."),
    "batch_differs": _("A payment run is not what its events made of it."),
    "paid_twice": _("There are two live payments of one instalment."),
    "message_orphaned": _("A message tells of no event."),
}


def words(finding: Finding) -> Words:
    """What the finding means, in the reader's language."""
    return WORDS.get(finding.code, finding.code)
