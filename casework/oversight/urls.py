"""Addresses of the auditors' pages."""
from django.urls import path

from casework.oversight import views

urlpatterns = [
    path("oversight/", views.oversight_search, name="oversight_search"),
    path("oversight/access/", views.oversight_access, name="oversight_access"),
    path("oversight/cases/<uuid:public_id>/", views.oversight_case, name="oversight_case"),
    path("oversight/cases/<uuid:public_id>/verify/", views.oversight_verify, name="oversight_verify"),
    path("oversight/cases/<uuid:public_id>/export/", views.oversight_export, name="oversight_export"),
]
