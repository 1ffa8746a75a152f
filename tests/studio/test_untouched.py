"""A section saved as it is shown changes nothing: nobody finds differences in his draft that he did not make."""
import pytest

from casework.programmes import difference, drafts
from casework.programmes.loader import CATALOGUE
from casework.studio.sections import SECTIONS
from tests.studio.conftest import Desk
from tests.studio.test_pages import section

pytestmark = pytest.mark.django_db
KEYS = sorted(path.parent.name for path in CATALOGUE.glob("*/programme.yaml"))


@pytest.mark.parametrize("key", KEYS)
def test_every_section_of_every_service_can_be_saved_untouched(policy: Desk, key: str) -> None:
    draft = policy.post(f"/studio/services/{key}/begin/")
    row = drafts.live(key)
    assert row is not None
    before = drafts.content_of_draft(row)
    for name in SECTIONS:
        policy.post(f"{draft}{name}/", **section(policy.get(f"{draft}{name}/")))
    row.refresh_from_db()
    after = drafts.content_of_draft(row)
    assert row.revision == 1 + len(SECTIONS), "each section was saved"
    assert difference.differences(before, after) == [] and after == before
