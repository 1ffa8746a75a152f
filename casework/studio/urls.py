"""Addresses of the studio."""
from django.urls import path

from casework.studio import draft, home, moving, numbers, programme, publishing, shadow, tryout

urlpatterns = [
    path("studio/", home.studio_home, name="studio_home"),
    path("studio/services/<slug:key>/", programme.studio_programme, name="studio_programme"),
    path("studio/services/<slug:key>/route.svg", programme.studio_route, name="studio_route"),
    path("studio/services/<slug:key>/form/", programme.studio_form, name="studio_form"),
    path("studio/services/<slug:key>/compare/", programme.studio_compare, name="studio_compare"),
    path("studio/services/<slug:key>/move/", moving.studio_plan_new, name="studio_plan_new"),
    path("studio/plans/", moving.studio_plans, name="studio_plans"),
    path("studio/plans/<uuid:public_id>/", moving.studio_plan, name="studio_plan"),
    path("studio/plans/<uuid:public_id>/step/", moving.studio_plan_step, name="studio_plan_step"),
    path("studio/services/<slug:key>/begin/", draft.studio_begin, name="studio_begin"),
    path("studio/drafts/<uuid:public_id>/", draft.studio_draft, name="studio_draft"),
    path("studio/drafts/<uuid:public_id>/step/", publishing.studio_draft_step, name="studio_draft_step"),
    path("studio/drafts/<uuid:public_id>/route.svg", draft.studio_draft_route, name="studio_draft_route"),
    path("studio/drafts/<uuid:public_id>/shadow/", shadow.studio_shadow, name="studio_shadow"),
    path("studio/shadow/<uuid:public_id>/", shadow.studio_shadow_run, name="studio_shadow_run"),
    path("studio/drafts/<uuid:public_id>/try/", tryout.studio_try, name="studio_try"),
    path("studio/drafts/<uuid:public_id>/<slug:section>/", draft.studio_section, name="studio_section"),
    path("studio/numbers/", numbers.studio_numbers, name="studio_numbers"),
    path("studio/numbers/<slug:key>/", numbers.studio_number, name="studio_number"),
    path("studio/numbers/drafts/<uuid:public_id>/", numbers.studio_number_draft, name="studio_number_draft"),
    path("studio/numbers/drafts/<uuid:public_id>/step/", publishing.studio_number_step, name="studio_number_step"),
]
