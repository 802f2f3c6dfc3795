"""What did not arrive: animators see it of their region's members alone, never what it said, and have it sent again."""

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.services import appoint_animator
from portal.mail.enums import MailCategory, MailStatus
from portal.mail.models import AddressMark, OutboxMessage
from portal.moderation.undelivered.selectors import dead_letter_count
from tests.factories import UserFactory
from tests.support.queries import assert_constant_queries
from tests.support.world import make_territories

pytestmark = pytest.mark.django_db
URL, JOURNAL = "/animation/courriels-non-remis/", "/animation/journal/"
SECRET, LINK = "zsecretbody", "https://portail.example/connexion/zsecretlink/"


def dead(user: User | None = None, category: str = MailCategory.ACCOUNT, **changes: object) -> OutboxMessage:
    number = OutboxMessage.objects.count()
    values = {
        "key": f"essai:{number}",
        "kind": "accounts.link",
        "category": category,
        "to": user.email.upper() if user else "visiteuse@test.example",
        "subject": f"Message : {SECRET}",
        "text": f"{SECRET} {LINK}",
        "html": f"<p>{SECRET} {LINK}</p>",
        "from_email": "portail@test.example",
        "message_id": f"<{number}@test.example>",
        "status": MailStatus.DEAD,
        "last_error": f"SMTPDataError: 554 <autre.boite@test.example> blocked {LINK}",
    }
    return OutboxMessage.objects.create(**values | changes)


@pytest.fixture
def places() -> dict[str, object]:
    return make_territories()


@pytest.fixture
def member(places: dict[str, object]) -> User:
    """A member of the first region."""
    user = UserFactory(first_name="Camille", last_name="Ici")
    user.profile.territories.add(places["35"])
    return user


@pytest.fixture
def animator(client: Client, places: dict[str, object]) -> User:
    """Who animates the first region, signed in."""
    user = UserFactory()
    appoint_animator(user=user, territory=places["53"])
    client.force_login(user)
    return user


def test_an_animator_sees_those_of_their_region_and_never_what_they_say(
    client: Client, animator: User, member: User, places: dict[str, object]
) -> None:
    elsewhere = UserFactory()
    elsewhere.profile.territories.add(places["41"])
    for message in (dead(member), dead(elsewhere), dead()):
        assert message.status == MailStatus.DEAD
    dead(member, status=MailStatus.SENT)
    dead(member, purged_at=timezone.now())
    html = client.get(URL).content.decode()
    assert html.count('name="message"') == 1
    assert "Camille Ici" in html
    assert member.email in html
    assert "SMTPDataError: 554 &lt;…&gt; blocked …" in html
    for hidden in (SECRET, "zsecretlink", elsewhere.email, "visiteuse@test.example", "autre.boite"):
        assert hidden not in html
    assert "Courriels non remis (1)" in html


def test_sent_again_it_leaves_and_the_journal_says_who_did(
    client: Client, animator: User, member: User, places: dict[str, object]
) -> None:
    elsewhere, mine, other = UserFactory(), dead(member), dead(member)
    theirs = dead(elsewhere)
    assert client.post(URL, {"message": [mine.pk, theirs.pk, "x", "9" * 30]})["Location"] == URL
    statuses = {one.pk: one.status for one in OutboxMessage.objects.all()}
    assert statuses == {mine.pk: MailStatus.PENDING, other.pk: MailStatus.DEAD, theirs.pk: MailStatus.DEAD}
    journal = client.get(JOURNAL).content.decode()
    assert journal.count("Camille Ici") == 1
    assert "Courriel renvoyé" in journal
    assert SECRET not in journal
    other_animator = UserFactory()
    appoint_animator(user=other_animator, territory=places["24"])
    client.force_login(other_animator)
    assert "Camille Ici" not in client.get(JOURNAL).content.decode()


def test_all_of_a_page_but_not_to_an_address_that_does_not_receive(
    client: Client, animator: User, member: User
) -> None:
    account, news = dead(member), dead(member, MailCategory.NOTIFICATION)
    AddressMark.objects.create(address=member.email, reason="bounce", marked_at=timezone.now())
    html = client.get(URL).content.decode()
    assert html.count('name="message"') == 1
    assert "Courriels non remis (1)" in html, "what can be sent again"
    client.post(URL, {"all": "1", "listed": [account.pk, news.pk]})
    account.refresh_from_db()
    news.refresh_from_db()
    assert (account.status, news.status) == (MailStatus.PENDING, MailStatus.DEAD)
    assert dead_letter_count(animator) == 0


def test_the_page_costs_the_same_with_more_rows(client: Client, animator: User, member: User) -> None:
    assert_constant_queries(add_row=lambda: dead(member), call=lambda: client.get(URL), budget=30)
