"""The three files of the platform's sheet, drawn at load time: an organisation chart, a poster, a flyer.

The source announces 0,50, 0,31 and 0,31 Mo; the illustration of each leaflet is printed at the
resolution that gives its file that size.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from PIL import Image

from portal.animation.demo.illustration import FULL_WIDTH, RATIO, as_jpeg, draw_path_through_hills

FONT = settings.BASE_DIR / "portal" / "static" / "fonts" / "figtree.woff2"
CHART_BYTES = 500_000
POSTER_BYTES = FLYER_BYTES = 310_000
#: Half of the last digit that the portal shows of a size.
TOLERANCE_BYTES = 4_999
#: A picture this near to what is wanted is near enough; ten tries are twice what it takes.
NEAR_BYTES, TRIES = 2_000, 10
FIRST_WIDTH = 1_200
A5 = (148, 210)

INK, PINE, SAND, WHITE = (22, 34, 46), (18, 82, 92), (247, 239, 226), (255, 255, 255)
ALTERNATIVE = "Dessin : un chemin jalonné de cinq étapes traverse des collines et mène à une porte ouverte."
CREDIT = "Document de démonstration, établi d’après la présentation publique de la plateforme."
TEAM_LINE = "Un coordinateur, des conseillers en insertion professionnelle et un travailleur social"
CHART_BOXES = {
    "Le consortium": [
        "Accord signé le 10 septembre 2019 :",
        "• ASLD, porteur du projet",
        "• Conseil départemental de Loir-et-Cher",
        "• MEDEF 41",
        "• CRIA 41",
        "• Bio solidaire",
        "• les 3 missions locales",
    ],
    "Les partenaires": [
        "• Fédération française du bâtiment",
        "• École de la 2e chance",
        "• Pôle emploi",
        "• Conseil régional, pour la formation",
        "• les entreprises et les CFA",
        "• Job 41",
    ],
    "Le financement": [
        "2 000 845 € pour 3 ans :",
        "• 1 094 349 € de subvention, versés par la Banque des territoires",
        "• 501 177 € de l’État, essentiellement par l’insertion par l’activité économique",
        "• d’autres financements",
    ],
}
STEPS = (
    "Coordonner tous ceux qui vous accompagnent",
    "Faire le point avec vous : projet, français, étapes",
    "Vous accompagner, au travail comme dans la vie quotidienne",
    "Vous rapprocher des entreprises du département",
    "Vous proposer des actions faites pour vous",
)


def organisation_chart() -> bytes:
    """Return « Organisation de la plateforme », A4 landscape."""
    return _fitted(_draw_chart, CHART_BYTES)


def poster() -> bytes:
    """Return the poster, A3 portrait."""
    return _fitted(_draw_poster, POSTER_BYTES)


def flyer() -> bytes:
    """Return the flyer, A5 portrait, two sides."""
    return _fitted(_draw_flyer, FLYER_BYTES)


def _fitted(draw: Callable[[bytes], bytes], size: int) -> bytes:
    """Return the leaflet with its illustration at the resolution that makes it ``size`` bytes.

    Raises ValueError when no resolution comes within TOLERANCE_BYTES.
    """
    first = _picture_of(FIRST_WIDTH)
    leaflet = draw(_picture_weighing(size - (len(draw(first)) - len(first))))
    if abs(len(leaflet) - size) > TOLERANCE_BYTES:
        raise ValueError(f"a leaflet of {size} bytes came out at {len(leaflet)}")
    return leaflet


@cache
def _drawing() -> Image.Image:
    return draw_path_through_hills()


@cache
def _picture_of(width: int) -> bytes:
    return as_jpeg(_drawing(), width)


def _picture_weighing(wanted: int) -> bytes:
    """Return the illustration as a JPEG of about ``wanted`` bytes: its weight follows its surface."""
    width = FIRST_WIDTH
    for _try in range(TRIES):
        jpeg = _picture_of(width)
        if abs(len(jpeg) - wanted) <= NEAR_BYTES:
            break
        width = min(round(width * (wanted / len(jpeg)) ** 0.5), FULL_WIDTH)
    return jpeg


def _document(title: str, *, orientation: str, paper: str | tuple[float, float]) -> FPDF:
    """Return an empty document that says its language, title and author."""
    pdf = FPDF(orientation=orientation, format=paper)
    # The date is constant: the same facts give the same file.
    pdf.set_creation_date(datetime(2019, 9, 10, tzinfo=UTC))
    pdf.set_lang("fr")
    pdf.set_title(title)
    pdf.set_author("ASLD")
    pdf.set_subject("Intégration professionnelle des réfugiés en Loir-et-Cher")
    pdf.set_auto_page_break(auto=False)
    pdf.add_font("figtree", "", FONT, variations={"wght": 400})
    pdf.add_font("figtree", "B", FONT, variations={"wght": 700})
    return pdf


def _write(
    pdf: FPDF, text: str, *, size: float, bold: bool = False, colour: tuple[int, int, int] = INK, **where: float
) -> None:
    """Write a paragraph at ``x``, ``y``, on ``w`` millimetres, then leave the cursor below it."""
    pdf.set_font("figtree", "B" if bold else "", size)
    pdf.set_text_color(*colour)
    pdf.set_xy(where.get("x", pdf.l_margin), where.get("y", pdf.get_y()))
    width = where.get("w", pdf.epw)
    pdf.multi_cell(width, size * 0.47, text, align=Align.L, new_x=XPos.LEFT, new_y=YPos.NEXT)


def _box(
    pdf: FPDF, title: str, lines: list[str], *, x: float, y: float, w: float, h: float, dark: bool = False
) -> None:
    """Draw one box of the chart: its title, then one line for each thing it holds."""
    fill, ink = (PINE, WHITE) if dark else (SAND, INK)
    pdf.set_fill_color(*fill)
    pdf.set_draw_color(*PINE)
    pdf.rect(x, y, w, h, style="DF", round_corners=True, corner_radius=3)
    _write(pdf, title, size=15, bold=True, colour=ink, x=x + 4, y=y + 4, w=w - 8)
    for line in lines:
        _write(pdf, line, size=11.5, colour=ink, x=x + 4, y=pdf.get_y() + 1.5, w=w - 8)


def _draw_chart(jpeg: bytes) -> bytes:
    pdf = _document("Organisation de la plateforme", orientation="landscape", paper="A4")
    pdf.add_page()
    pdf.image(jpeg, x=208, y=12, w=77, alt_text=ALTERNATIVE)
    _write(pdf, "Organisation de la plateforme", size=26, bold=True, colour=PINE, x=12, y=14, w=185)
    subtitle = "L’intégration professionnelle des réfugiés en Loir-et-Cher, portée par l’ASLD"
    _write(pdf, subtitle, size=15, x=12, y=30, w=185)
    _write(pdf, "150 personnes accompagnées par an, pendant 3 ans", size=15, bold=True, x=12, y=50, w=185)
    for x in (54, 148, 242):
        pdf.set_draw_color(*PINE)
        pdf.line(148, 98, x, 108)
    _box(pdf, "La personne et son équipe", [TEAM_LINE], x=48, y=74, w=200, h=24, dark=True)
    for x, (title, lines) in zip((12, 106, 200), CHART_BOXES.items(), strict=True):
        _box(pdf, title, lines, x=x, y=108, w=85, h=68)
    _write(pdf, CREDIT, size=8, x=12, y=196, w=270)
    return bytes(pdf.output())


def _draw_poster(jpeg: bytes) -> bytes:
    pdf = _document("Affiche : un parcours vers l’emploi en Loir-et-Cher", orientation="portrait", paper="A3")
    pdf.add_page()
    pdf.image(jpeg, x=0, y=0, w=297, alt_text=ALTERNATIVE)
    top = 297 / RATIO
    title = "Réfugiés en Loir-et-Cher : un parcours vers l’emploi"
    _write(pdf, title, size=50, bold=True, colour=PINE, x=20, y=top + 14, w=257)
    for step in STEPS:
        _write(pdf, f"• {step}", size=25, x=20, y=pdf.get_y() + 5, w=257)
    pdf.set_fill_color(*PINE)
    pdf.rect(0, 374, 297, 34, style="F")
    promise = "La plateforme de l’ASLD : une équipe, un consortium, 150 personnes accompagnées par an"
    _write(pdf, promise, size=24, bold=True, colour=WHITE, x=20, y=379, w=257)
    _write(pdf, CREDIT, size=10, x=20, y=411, w=257)
    return bytes(pdf.output())


def _draw_flyer(jpeg: bytes) -> bytes:
    pdf = _document("Dépliant : la plateforme de Loir-et-Cher", orientation="portrait", paper=A5)
    pdf.add_page()
    pdf.image(jpeg, x=0, y=0, w=148, alt_text=ALTERNATIVE)
    _write(pdf, "Travailler, se former, s’installer", size=26, bold=True, colour=PINE, x=12, y=110, w=124)
    _write(
        pdf,
        "Vous bénéficiez de la protection internationale et vous vivez en Loir-et-Cher ? La plateforme portée par "
        "l’ASLD construit avec vous un parcours vers un emploi durable.",
        size=15,
        x=12,
        y=pdf.get_y() + 6,
        w=124,
    )
    _write(pdf, f"{TEAM_LINE} sont à vos côtés.", size=15, x=12, y=pdf.get_y() + 6, w=124)
    pdf.add_page()
    _write(pdf, "Cinq étapes avec vous", size=22, bold=True, colour=PINE, x=12, y=14, w=124)
    for number, step in enumerate(STEPS, start=1):
        _write(pdf, f"{number}. {step}", size=17, x=12, y=pdf.get_y() + 6, w=124)
    _write(pdf, "Avec qui ?", size=20, bold=True, colour=PINE, x=12, y=pdf.get_y() + 10, w=124)
    _write(
        pdf,
        "Le Conseil départemental, le MEDEF 41, le CRIA 41, Bio solidaire, les 3 missions locales et bien d’autres "
        "partenaires du département.",
        size=15,
        x=12,
        y=pdf.get_y() + 4,
        w=124,
    )
    _write(pdf, CREDIT, size=8, x=12, y=200, w=124)
    return bytes(pdf.output())
