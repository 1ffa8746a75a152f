"""Addresses of the frame."""
from django.urls import path

from casework.site import demo_clock, language, login, password

urlpatterns = [
    path("", login.home, name="home"),
    path("login/", login.login, name="login"),
    path("login/demo/", login.demo_login, name="demo_login"),
    path("demo/clock/", demo_clock.forward, name="demo_clock"),
    path("logout/", login.logout, name="logout"),
    path("password/", password.password, name="password"),
    path("language/", language.set_language, name="set_language"),
]
