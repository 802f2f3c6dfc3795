"""SIRET, telephones and positions of organisations."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from directory.models import Network, Organisation
from directory.phones import clean_public_phone, format_public_phone
from directory.places import distance_km, position_of
from directory.siret import clean_siret, format_siret
from tests.directory.factories import OrganisationFactory
from tests.taxonomy.factories import CommuneFactory, RegionFactory

SIRET = "73282932000074"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("732 829 320 00074", SIRET),
        ("732\u00a0829\u202f320-00074", SIRET),
        # La Poste: every establishment but the head office fails the ordinary key.
        ("35600000049837", "35600000049837"),
        ("", None),
        ("   ", None),
    ],
)
def test_a_siret_is_kept_as_fourteen_digits_or_as_nothing(typed: str, kept: str | None) -> None:
    assert clean_siret(typed) == kept


@pytest.mark.parametrize("typed", ["00000000000000", "73282932000075", "7328293200007", "ABC", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤"])
def test_what_is_no_siret_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        clean_siret(typed)


def test_a_siret_is_shown_in_groups() -> None:
    assert format_siret(SIRET).split("\u00a0") == ["732", "829", "320", "00074"]
    assert format_siret(None) == ""


@pytest.mark.django_db
def test_a_siret_is_unique_except_for_branches_and_never_an_empty_text() -> None:
    head = OrganisationFactory(siret=SIRET)
    OrganisationFactory(siret=SIRET, parent=head)
    OrganisationFactory(siret="")
    OrganisationFactory(siret="")
    assert Organisation.objects.filter(siret=None).count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationFactory(siret=SIRET)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=head.pk).update(siret="")
    other = OrganisationFactory.build(siret=SIRET, kind=head.kind)
    with pytest.raises(ValidationError, match="SIRET"):
        other.full_clean()


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("39 49", "3949", "39\u00a049"),
        ("02 96 00 00 00", "+33296000000", "02\u00a096\u00a000\u00a000\u00a000"),
        ("0262 20 20 20", "+262262202020", "0262\u00a020\u00a020\u00a020"),
        ("", "", ""),
    ],
)
def test_short_and_overseas_numbers_are_numbers(typed: str, kept: str, shown: str) -> None:
    assert clean_public_phone(typed) == kept
    assert format_public_phone(kept) == shown


def test_a_number_that_nobody_has_is_refused_and_an_extension_is_shown() -> None:
    for typed in ("9", "1234567", "appelez-moi"):
        with pytest.raises(ValidationError):
            clean_public_phone(typed)
    assert format_public_phone("+33296000000", "12").endswith("poste\u00a012")
    assert format_public_phone("", "12") == ""


@pytest.mark.django_db
def test_a_seat_gives_a_position_with_its_precision() -> None:
    rennes = CommuneFactory()
    organisation = OrganisationFactory(seat=rennes)
    assert organisation.position == "commune"
    assert (round(organisation.latitude), round(organisation.longitude)) == (48, -2)
    hamlet = CommuneFactory(code="35999", name="Hameau", department=rennes.department, region=rennes.region)
    found = position_of(hamlet)
    assert found is not None
    assert found.precision == "department"
    assert position_of(RegionFactory(code="11", name="Île-de-France")) is None
    organisation.seat = None
    organisation.save()
    assert (organisation.latitude, organisation.position) == (None, "")


def test_rennes_is_three_hundred_kilometres_from_paris() -> None:
    assert distance_km((48.117, -1.678), (48.857, 2.352)) == pytest.approx(308, abs=3)


@pytest.mark.django_db
def test_networks_are_those_of_data_inclusion() -> None:
    from data_inclusion.schema.v1 import ReseauPorteur

    from directory.reference_data import NETWORKS
    from portal.taxonomy.reference import read_rows

    codes = {row["di_code"] for row in read_rows(NETWORKS)}
    assert len(codes) > 20
    assert codes <= {network.value for network in ReseauPorteur}
    assert Network._meta.get_field("di_code").max_length >= max(map(len, codes))
