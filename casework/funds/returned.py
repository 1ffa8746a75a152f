"""Why a payment came back, in words: for the finance desk with all that the bank wrote, for the worker what helps."""
from django.utils.translation import gettext as _

from casework.funds.bank_layouts.told import OTHER
from casework.funds.models import Payment
from casework.programmes.reasons import RETURNS, text_of


def for_office(payment: Payment) -> str:
    """The reason and the bank's own words beside it, where they say more."""
    reason = text_of(payment.return_code) if payment.return_code else None
    told = payment.return_words or ""
    if reason is None or not told or told in (reason.zh, reason.en):
        return str(reason or told)
    return _("%(reason)s (the bank: %(words)s)") % {"reason": reason, "words": told}


def for_worker(payment: Payment) -> str:
    """The reason; the bank's own words where none of ours fits."""
    if payment.return_code == OTHER and payment.return_words:
        return for_office(payment)
    return str(RETURNS.get(payment.return_code, ""))
