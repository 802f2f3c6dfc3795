"""How a sheet's facts are put in words: labels and values for the components of a page."""

from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.core.dates import format_day
from portal.core.money import format_decimal, format_euros, format_percent
from project_sheets.charts import Segment
from project_sheets.enums import PartnerRole
from project_sheets.financing import Financing, FundingShare, MeasuredIndicator
from project_sheets.living.rules import STALE_AFTER
from project_sheets.models import Call, Wave
from project_sheets.selectors import MembersPart, SheetPresentation

Fact = dict[str, Any]


def _facts(*pairs: tuple[str, Any]) -> list[Fact]:
    return [{"label": label, "value": value} for label, value in pairs if value]


def _link(url: str, label: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, label)


def _duration(months: int | None) -> str:
    """Say whole years as years: 36 months is "3 ans"."""
    if not months:
        return ""
    if months % 12 == 0:
        years = months // 12
        return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def public_facts(sheet: SheetPresentation) -> list[Fact]:
    """Return who, where, when and under which call, for the side column of the page."""
    holder = sheet.holder
    call = sheet.call
    return _facts(
        (_("Project holder"), holder and _link(holder.get_absolute_url(), holder.name)),
        (_("Call for projects"), call and _link(call.get_absolute_url(), call.title)),
        (_("Programme"), call and _named(call.programme.name, call.programme.acronym)),
        (_("Wave"), str(sheet.wave) if sheet.wave else ""),
        (_("Wave decided on"), format_day(sheet.wave.decided_on) if sheet.wave else ""),
        (_("Awarded on"), format_day(sheet.award_date)),
        (_("Territory"), ", ".join(str(territory) for territory in sheet.territories)),
        (_("Audience"), _audiences(sheet)),
        (_("Stage"), sheet.stage and sheet.stage.label),
        (_("Duration"), _duration(sheet.duration_months)),
        (_("Start"), format_day(sheet.start_date)),
        (_("End"), format_day(sheet.end_date)),
        (_("Sectors"), ", ".join(sector.name for sector in sheet.sectors)),
        (_("Occupations"), ", ".join(occupation.name for occupation in sheet.occupations)),
    )


def _named(name: str, acronym: str) -> str:
    return f"{name} ({acronym})" if acronym else name


def _audiences(sheet: SheetPresentation) -> str:
    names = ", ".join(audience.name for audience in sheet.audiences)
    return f"{names} ({sheet.audience_conditions})" if sheet.audience_conditions else names


def partner_groups(sheet: SheetPresentation) -> list[dict[str, Any]]:
    """Return the partners under their role, in the order of the roles."""
    groups = []
    for role in PartnerRole:
        partners = [partner for partner in sheet.partners if partner.role == role]
        if partners:
            groups.append({"label": _PARTNER_HEADINGS[role], "partners": partners})
    return groups


_PARTNER_HEADINGS = {
    PartnerRole.CONSORTIUM: gettext_lazy("Consortium"),
    PartnerRole.DELIVERY: gettext_lazy("Delivery"),
    PartnerRole.PARTNER: gettext_lazy("Other partners"),
    PartnerRole.EMPLOYER: gettext_lazy("Employers’ bodies"),
    PartnerRole.SUPPORT: gettext_lazy("Support"),
}


def financing_rows(financing: Financing, segments: list[Segment]) -> list[dict[str, str]]:
    """Return the rows of the financing's table: source, amount, share, detail, style of its bar."""
    rows = []
    for index, row in enumerate(financing.shares):
        line = row.line
        rows.append(
            {
                "label": line.label,
                "amount": format_euros(line.amount),
                "share": format_percent(row.share) if row.share is not None else "",
                "detail": _funding_detail(row),
                "style": segments[index].style if index < len(segments) else "",
            }
        )
    if financing.remainder and financing.remainder_share is not None:
        rows.append(
            {
                "label": _("Unspecified"),
                "amount": format_euros(financing.remainder),
                "share": format_percent(financing.remainder_share),
                "detail": _("computed: the total less the sources above"),
                "style": "rest",
            }
        )
    return rows


def _funding_detail(row: FundingShare) -> str:
    line = row.line
    parts = [
        line.get_category_display(),
        _("funded by %(body)s") % {"body": line.funder.name} if line.funder else "",
        _("paid through %(body)s") % {"body": line.channel.name} if line.channel else "",
        f"{line.qualifier} {line.instrument}".strip(),
        line.get_amount_status_display(),
        _("printed: %(share)s") % {"share": format_percent(line.stated_share)} if row.differs_from_print else "",
    ]
    return " · ".join(part for part in parts if part)


def financing_stats(members: MembersPart) -> list[Fact]:
    """Return the two figures of the financing that a member reads first."""
    financing = members.financing
    if not financing.total:
        return []
    stats = [{"label": _("total budget"), "value": format_euros(financing.total), "note": ""}]
    if financing.state_share:
        note = format_euros(financing.state_total)
        if members.stated_state_share:
            note = _("%(amount)s, “%(share)s” in the source") % {"amount": note, "share": members.stated_state_share}
        stats.append({"label": _("paid by the State"), "value": format_percent(financing.state_share), "note": note})
    return stats


def header_badges(sheet: SheetPresentation) -> list[Fact]:
    """Return the stage and the freshness of the sheet: its last confirmation or publication, whichever came last."""
    badges = [{"label": sheet.stage.label, "kind": "info"}] if sheet.stage else []
    since = sheet.confirmed_at
    if since is None:
        return badges
    day = f"{timezone.localtime(since):%d/%m/%Y}"
    if since < timezone.now() - STALE_AFTER:
        badges.append({"label": _("Not checked since %(date)s") % {"date": day}, "kind": "warning"})
    elif since == sheet.last_confirmed_at:
        badges.append({"label": _("Checked on %(date)s") % {"date": day}, "kind": "success"})
    else:
        badges.append({"label": _("Updated on %(date)s") % {"date": format_day(since)}, "kind": "neutral"})
    return badges


def header_kicker(sheet: SheetPresentation) -> str:
    """Return the acronym where the title does not say it, and the call."""
    call = sheet.call
    parts = [sheet.acronym if sheet.acronym != sheet.title else "", call.short_title or call.title if call else ""]
    return " · ".join(part for part in parts if part)


def theme_tags(sheet: SheetPresentation) -> list[Fact]:
    """Return the themes as links to their pages."""
    return [{"label": theme.name, "url": theme.get_absolute_url()} for theme in sheet.themes]


def call_stats(call: Call, sheet_count: int) -> list[Fact]:
    """Return what the authority announces beside what the portal holds."""
    stats = []
    if call.stated_project_count:
        label = ngettext("project retained", "projects retained", call.stated_project_count)
        stats.append({"value": call.stated_project_count, "label": label, "note": _("as announced by the authority")})
    if call.stated_wave_count:
        label = ngettext("wave of selection", "waves of selection", call.stated_wave_count)
        stats.append({"value": call.stated_wave_count, "label": label, "note": _("as announced by the authority")})
    label = ngettext("sheet on the portal", "sheets on the portal", sheet_count)
    return [*stats, {"value": sheet_count, "label": label, "note": ""}]


def call_facts(call: Call) -> list[Fact]:
    """Return programme, authority, dates and audiences of a call."""
    audiences = ", ".join(audience.name for audience in call.audiences.all())
    return _facts(
        (_("Programme"), _named(call.programme.name, call.programme.acronym)),
        (_("Authority"), call.authority),
        (_("Published on"), format_day(call.published_on)),
        (_("Closes on"), format_day(call.closes_on)),
        (_("Audience"), f"{audiences} ({call.audience_conditions})" if call.audience_conditions else audiences),
        (_("Waves"), format_html_join(SafeString("<br>"), "{}", ((_wave(wave),) for wave in call.waves.all()))),
        (_("To learn more"), call.url and _link(call.url, call.url)),
        (_("Source"), call.source_url and _link(call.source_url, call.source_url)),
    )


def _wave(wave: Wave) -> str:
    """Say which wave, when it was decided and how much it gave, as far as it is known."""
    known = (
        _("decided on %(day)s") % {"day": format_day(wave.decided_on)} if wave.decided_on else "",
        _("envelope of %(amount)s") % {"amount": format_euros(wave.budget_envelope)} if wave.budget_envelope else "",
    )
    told = ", ".join(text for text in known if text)
    return f"{wave} – {told}" if told else str(wave)


def team_lines(members: MembersPart) -> list[str]:
    """Return the functions of the team; an unknown head count is not shown."""
    return [f"{role.count} {role.label}" if role.count else role.label for role in members.team]


def has_figures(measured: MeasuredIndicator) -> bool:
    """Whether anything of the indicator is known; else its notes alone are shown."""
    return any(measure.target is not None or measure.achieved is not None for measure in measured.measures)


def measure_sentence(measured: MeasuredIndicator) -> str:
    """Return the aim of an indicator in words: "objectif : 150 personnes par an"."""
    indicator = measured.indicator
    if indicator.default_target is None:
        return ""
    return _("target: %(value)s %(unit)s %(period)s") % {
        "value": format_decimal(indicator.default_target),
        "unit": indicator.unit,
        "period": indicator.get_periodicity_display(),
    }
