"""Addresses of the officers' and finance pages."""
from django.urls import path

from casework.desk import attention, batches, case, deciding, files, funds, new, papers, queue, reveal, search, together

urlpatterns = [
    path("desk/", queue.desk_queue, name="desk_queue"),
    path("desk/together/", together.desk_together, name="desk_together"),
    path("desk/together/do/", together.desk_together_do, name="desk_together_do"),
    path("desk/new/", new.desk_new, name="desk_new"),
    path("desk/attention/", attention.desk_attention, name="desk_attention"),
    path("desk/attention/do/", attention.desk_attention_do, name="desk_attention_do"),
    path("desk/cases/", search.desk_cases, name="desk_cases"),
    path("desk/cases/<uuid:public_id>/", case.desk_case, name="desk_case"),
    path("desk/cases/<uuid:public_id>/do/", deciding.desk_do, name="desk_do"),
    path("desk/cases/<uuid:public_id>/reveal/", reveal.desk_reveal, name="desk_reveal"),
    path("desk/cases/<uuid:public_id>/files/<uuid:file_id>/", files.desk_file, name="desk_file"),
    path("desk/cases/<uuid:public_id>/files/<uuid:file_id>/preview/", files.desk_preview, name="desk_preview"),
    path("desk/papers/<uuid:public_id>/", papers.desk_paper, name="desk_paper"),
    path("desk/funds/", funds.desk_funds, name="desk_funds"),
    path("desk/funds/<uuid:public_id>/", funds.desk_fund, name="desk_fund"),
    path("desk/funds/<uuid:public_id>/receive/", funds.desk_fund_receive, name="desk_fund_receive"),
    path("desk/funds/<uuid:public_id>/batch/", batches.desk_batch_make, name="desk_batch_make"),
    path("desk/batches/", batches.desk_batches, name="desk_batches"),
    path("desk/batches/<uuid:public_id>/", batches.desk_batch, name="desk_batch"),
    path("desk/batches/<uuid:public_id>/check/", batches.desk_batch_check, name="desk_batch_check"),
    path("desk/batches/<uuid:public_id>/export/", batches.desk_batch_export, name="desk_batch_export"),
    path("desk/batches/<uuid:public_id>/result/", batches.desk_batch_result, name="desk_batch_result"),
    path("desk/batches/<uuid:public_id>/roster/", papers.desk_roster, name="desk_roster"),
]
