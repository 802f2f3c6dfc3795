import re
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from portal.accounts.models import User
pytestmark = pytest.mark.django_db
def test_dump(demo):
    m=Client(); m.force_login(User.objects.get(email="membre@demo.example"), backend="allauth.account.auth_backends.AuthenticationBackend")
    with open('/tmp/demo-dump.txt','w') as f:
        for url in ["/","/projets/","/projets/centre-val-de-loire/plateforme-loir-et-cher/","/projets/bretagne/adventus/","/projets/bretagne/kodiko/","/projets/bretagne/melting-breizh/","/projets/bretagne/sesame/","/appels/integration-professionnelle-des-refugies/","/actualites/","/actualites/une-plateforme-en-loir-et-cher/","/ressources/","/ressources/accord-cadre-etat-ofii-spe/","/ressources/programme-hope/","/annuaire/","/annuaire/structures/medef-41/","/annuaire/structures/france-travail/","/annuaire/structures/asld/","/agenda/","/glossaire/"]:
            for n,c in (("visitor",Client()),("member",m)):
                r=c.get(url)
                s=BeautifulSoup(r.content,'html.parser'); main=s.find('main') or s
                f.write(f"=== {url} {n} {r.status_code}\n{' '.join(main.get_text(' ').split())}\n")
    print(demo)
