"""The table of step kinds."""

from collections.abc import Mapping
from types import MappingProxyType

from casework.workflows.choices import StepKind
from casework.workflows.steps import (
    accept,
    admit,
    answer,
    approve,
    approve_fee,
    assign_lawyer,
    attendance,
    calculate,
    callback,
    check,
    class_list,
    conduct,
    confirmations,
    deliver,
    discuss,
    enrol,
    exam,
    expert,
    fee,
    follow_up,
    gather,
    handle,
    handover,
    lessons,
    lines,
    listing,
    match,
    means_check,
    notice,
    pay,
    pay_lawyer,
    payee,
    placing,
    plan,
    rate,
    re_examine,
    recognise,
    refusal,
    register,
    respond,
    review,
    roster,
    score,
    serve,
    take_on,
    visit,
    vote,
)

KINDS: Mapping[str, StepKind] = MappingProxyType(
    {
        module.KIND.key: module.KIND
        for module in (
            accept, visit, discuss, notice, check, means_check, review, approve, register, pay, rate, plan, roster,
            lines, payee, deliver, refusal,
            score, expert, calculate, handover, gather, vote, placing, confirmations,
            answer, take_on, handle, callback, admit, serve, respond, re_examine,
            listing, recognise, match, follow_up,
            assign_lawyer, conduct, fee, approve_fee, pay_lawyer,
            enrol, lessons, class_list, attendance, exam,
        )
    }
)
