import pytest
from tests.demo.test_seed_facts import _read
from django.test import Client
pytestmark = pytest.mark.django_db
@pytest.mark.filterwarnings("ignore")
def test_x(demo):
    print(_read(Client(),"/")[:900]); print(_read(Client(),"/projets/centre-val-de-loire/plateforme-loir-et-cher/")[-900:])
    print(demo)
