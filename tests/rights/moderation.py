"""Reports and the journal."""

from portal.moderation.enums import ReportReason
from portal.moderation.models import Report
from tests.rights.table import Row, row
from tests.support.world import ROLES, World

ANIMATORS = {"animator": 200, "other_animator": 200, "administrator": 200}
FORBIDDEN = dict.fromkeys(ROLES, 403) | {"visitor": 302}

ROUTES: dict[str, Row] = {
    # No such thing: what each app lets readers report is in its own rows.
    "signaler/<slug:kind>/<str:pk>/": row("/signaler/rien/1/", dict.fromkeys(ROLES, 404)),
    "mon-espace/signalements/<uuid:uid>/": row(
        lambda world: f"/mon-espace/signalements/{world.things['report'].uid}/",
        dict.fromkeys(ROLES, 404) | {"visitor": 302, "member": 200},
    ),
    "animation/moderation/": row("/animation/moderation/", FORBIDDEN | ANIMATORS),
    "animation/moderation/<uuid:uid>/": row(
        lambda world: f"/animation/moderation/{world.things['report'].uid}/",
        FORBIDDEN | ANIMATORS | {"other_animator": 404},
    ),
    "animation/journal/": row("/animation/journal/", FORBIDDEN | ANIMATORS),
    "animation/courriels-non-remis/": row("/animation/courriels-non-remis/", FORBIDDEN | ANIMATORS),
}

SECRETS = {"report.message": "zsecretreport"}
#: Between its reporter and the animators.
NEVER_TOLD = ("report.message",)


def build(world: World) -> None:
    world.things["report"] = Report.objects.create(
        target_kind="rien",
        target_pk="1",
        title="Contenu signalé",
        url="/",
        region=world.region,
        reporter=world.users["member"],
        reason=ReportReason.OTHER,
        message=SECRETS["report.message"],
    )
