"""What was typed on a page whose login had ended: put back once the same person has logged in (promise S3). It is for
browsers without JavaScript; the others keep it themselves.

The page carries a mark that names, signed, the person and the address it was made for. What comes back with such a mark
and without a login is kept in the new, nameless login of this browser: sealed for that person and address, for an hour.
It is never saved by itself, and whoever else logs in here takes it away unseen.
"""
import base64
import json
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest

from casework.core import clock, crypto

MARK = "page_of"
SECONDS = 3600
MOST_BYTES = 500_000
_KEY = "typed"
_OURS = (MARK, "csrfmiddlewaretoken")
Raw = dict[str, list[str]]


def mark(request: HttpRequest, sent_to: str = "", shown_at: str = "") -> str:
    """For whom and for which address this page is made; the field MARK of its form. sent_to, shown_at: where the form
    goes and where what was typed in it is shown again, if not at this address."""
    return _signer().sign_object([request.user.pk, sent_to or request.path, shown_at or request.path])


def keep(request: HttpRequest) -> str:
    """Keep what was posted without a login. Gives the address at which it will be back, "" when the page was not made
    for the address it was posted to, or too much was typed."""
    try:
        user, sent_to, path = _signer().unsign_object(request.POST.get(MARK, ""))
    except (signing.BadSignature, ValueError):
        return ""
    typed = {name: values for name, values in request.POST.lists() if name not in _OURS}
    plain = json.dumps(typed, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if sent_to != request.path or len(plain) > MOST_BYTES:
        return ""
    sealed = base64.b64encode(crypto.encrypt(plain, _context(user, path))).decode()
    until = clock.world().timestamp() + SECONDS
    request.session[_KEY] = {"user": user, "path": path, "until": until, "sealed": sealed}
    return str(path)


def put_back(request: HttpRequest) -> Raw | None:
    """What the person had typed on the page of this address; it stays until the page is sent."""
    kept = request.session.get(_KEY)
    if kept is None or (kept["user"], kept["path"]) != (request.user.pk, request.path):
        return None
    if kept["until"] < clock.world().timestamp():
        forget(request)
        return None
    try:
        plain = crypto.decrypt(base64.b64decode(kept["sealed"]), _context(kept["user"], kept["path"]))
    except crypto.Undecipherable:  # its key was taken out of the ring meanwhile
        forget(request)
        return None
    typed: Raw = json.loads(plain.decode("utf-8", "surrogatepass"))
    return typed


def forget(request: HttpRequest, shown_at: str = "") -> None:
    """The page was sent, or it is too late. shown_at: only what belongs there."""
    if not shown_at or request.session.get(_KEY, {}).get("path") == shown_at:
        request.session.pop(_KEY, None)


@receiver(user_logged_in)
def _of_somebody_else(request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    """Another person sits there now."""
    kept = request.session.get(_KEY)
    if kept is not None and kept["user"] != user.pk:
        forget(request)


def _signer() -> signing.Signer:
    return signing.Signer(salt="casework.site.kept")


def _context(user: int, path: str) -> str:
    return f"typed:{user}:{path}"
