"""Addresses of the pages for organisations, staff and substitutes."""
from django.urls import path

from casework.offices import cover, login, staff, unions

urlpatterns = [
    path("offices/", unions.offices_unions, name="offices_unions"),
    path("offices/unions/<uuid:public_id>/", unions.offices_union, name="offices_union"),
    path("offices/staff/", staff.offices_staff, name="offices_staff"),
    path("offices/staff/new/", staff.offices_staff_new, name="offices_staff_new"),
    path("offices/staff/<uuid:public_id>/", login.offices_login, name="offices_login"),
    path("substitutes/", cover.substitutes, name="substitutes"),
]
