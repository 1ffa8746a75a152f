"""Addresses of the portal: looking around, applying, following a case, and what anybody may check."""
from django.urls import path

from casework.portal import acts, apply, cases, catalogue, checks, files, inbox, register, send, start, status, uploads

urlpatterns = [
    path("services/", catalogue.catalogue, name="catalogue"),
    path("services/<slug:key>/", catalogue.programme, name="programme"),
    path("services/<slug:key>/start/", start.begin, name="apply_start"),
    path("services/<slug:key>/member/", start.for_member, name="apply_member"),
    path("apply/<uuid:public_id>/check/", send.apply_check, name="apply_check"),
    path("apply/<uuid:public_id>/send/", send.apply_send, name="apply_send"),
    path("apply/<uuid:public_id>/discard/", start.discard, name="apply_discard"),
    path("apply/<uuid:public_id>/", apply.resume, name="apply_resume"),
    path("apply/<uuid:public_id>/<slug:page>/", apply.page, name="apply"),
    path("apply/<uuid:public_id>/<slug:page>/save/", apply.autosave, name="apply_save"),
    path("apply/<uuid:public_id>/<slug:page>/live/", apply.live, name="apply_live"),
    path("apply/<uuid:public_id>/<slug:page>/upload/", uploads.upload, name="apply_upload"),
    path("my/", start.my_home, name="my_home"),
    path("my/cases/", cases.my_cases, name="my_cases"),
    path("my/cases/<uuid:public_id>/", cases.my_case, name="my_case"),
    path("my/cases/<uuid:public_id>/receipt/", cases.receipt, name="receipt"),
    path("my/cases/<uuid:public_id>/do/<str:action>/", acts.my_act, name="my_act"),
    path("my/files/<uuid:public_id>/", files.my_file, name="my_file"),
    path("my/letters/<uuid:public_id>/", files.my_letter, name="my_letter"),
    path("my/messages/", inbox.inbox, name="inbox"),
    path("my/messages/read/", inbox.read_all, name="inbox_read"),
    path("notices/", checks.notices, name="notices"),
    path("notices/<uuid:public_id>/", checks.notice, name="notice"),
    path("check/", checks.paper_check_form, name="paper_check_form"),
    path("check/<str:code>/", checks.paper_check, name="paper_check"),
    path("status/", status.case_status, name="case_status"),
    path("register/", register.register, name="register"),
]
