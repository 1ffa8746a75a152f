"""Looking a paper up by the code under its QR sign."""
from casework.papers.models import Paper

LENGTH_MOST = 40


def lookup(code: str) -> Paper | None:
    """The paper of a check code, with what the page shows of it; None for anything else. Spaces, dashes and small
    letters are forgiven."""
    plain = "".join(sign for sign in code[:LENGTH_MOST].upper() if sign.isascii() and sign.isalnum())
    if not plain:
        return None
    return Paper.objects.select_related("organisation", "case__applicant").filter(check_code=plain).first()
