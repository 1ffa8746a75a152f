"""Background jobs of the engine. Each finds its work in rows, so a lost message loses nothing."""
from celery import shared_task

from casework.core.clock import now
from casework.workflows import alerts, shadow, timers
from casework.workflows.campaigns import tending
from casework.workflows.migrating import work
from casework.workflows.models import MigrationPlan, ShadowRun


@shared_task(name="casework.workflows.tasks.fire_timers")
def fire_timers() -> int:
    """Fire every timer that is due."""
    return timers.fire_due(now())


@shared_task(name="casework.workflows.tasks.recount")
def recount() -> int:
    """Count provisional dates again once the holiday list of their year is out."""
    return timers.recount(now())


@shared_task(name="casework.workflows.tasks.run_queued")
def run_queued() -> int:
    """Carry out queued commands."""
    return timers.run_queued(now())


@shared_task(name="casework.workflows.tasks.alert_unverified")
def alert_unverified() -> int:
    """Tell the county of dossiers whose yearly check is overdue."""
    return alerts.unverified_dossiers(now())


@shared_task(name="casework.workflows.tasks.alert_due_checks")
def alert_due_checks() -> int:
    """Tell the holders of dossiers that the yearly check is to be made."""
    return alerts.due_checks(now())


@shared_task(name="casework.workflows.tasks.tend_campaigns")
def tend_campaigns() -> int:
    """Go on with the rosters and lines of campaigns."""
    return tending.tend(now())


@shared_task(name="casework.workflows.tasks.work_off_plan")
def work_off_plan(plan_id: int) -> bool:
    """A chunk of a plan that moves cases; the next chunk is another message. Returns whether more is left."""
    plan = MigrationPlan.objects.select_related("source", "target").filter(pk=plan_id).first()
    if plan is None or not work.work_off(plan, now()):
        return False
    work_off_plan.delay(plan_id)
    return True


@shared_task(name="casework.workflows.tasks.work_off_plans")
def work_off_plans() -> int:
    """Plans and shadow runs whose messages were lost go on with the next beat. Returns how many were at work."""
    ids = list(MigrationPlan.objects.filter(state__in=list(work.WORKING)).order_by("pk").values_list("pk", flat=True))
    for plan_id in ids:
        work_off_plan(plan_id)
    runs = list(ShadowRun.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True))
    for run_id in runs:
        work_off_shadow(run_id)
    return len(ids) + len(runs)


@shared_task(name="casework.workflows.tasks.work_off_shadow")
def work_off_shadow(run_id: int) -> bool:
    """A chunk of a shadow run; the next chunk is another message. Returns whether more is left."""
    run = ShadowRun.objects.filter(pk=run_id).first()
    if run is None or not shadow.work_off(run, now()):
        return False
    work_off_shadow.delay(run_id)
    return True


@shared_task(name="casework.workflows.tasks.alert_ending")
def alert_ending() -> int:
    """Tell the holders of entries that end soon."""
    return alerts.ending_entries(now())
