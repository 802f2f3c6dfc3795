"""The demonstration's discussions: the four subjects that the laureates put first at the Session Lab, and more.

What is said is true of the field and names nobody; accounts are named by their role.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from forum.community.enums import Access
from forum.community.models import Discussion, Message, Space
from forum.community.services.competence import offer_to_answer
from forum.community.services.polls import PollData, vote
from forum.community.services.settling import cite, mark_helpful, vote_useful
from forum.community.services.spaces import open_space
from forum.community.services.writing import Writing, ask_question, reply
from forum.machina_apps.forum_conversation.models import Post, Topic
from portal.accounts.models import User
from portal.animation.demo.accounts import DOMAIN
from portal.animation.demo.calls import CALL_SLUG
from portal.animation.demo.sheets import demo_sheet
from portal.animation.demo.tools import Say, tell, territory

MEMBERS_SPACE, LAUREATES_SPACE = "entre-membres", "laureats-ipr"


@dataclass(frozen=True)
class Answer:
    """An answer: who, what, how many hours after the question."""

    role: str
    text: str
    hours: int
    helped: bool = False
    useful_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A question with its answers; ``days`` is how long ago it was asked."""

    title: str
    space: str
    role: str
    days: int
    text: str
    place: str = ""
    answers: tuple[Answer, ...] = ()
    is_anonymous: bool = False
    sheet: str = ""
    poll: PollData | None = None
    votes: dict[str, int] = field(default_factory=dict)


QUESTIONS = (
    Question(
        title="Un rendez-vous de santé avant l’entrée en formation : comment l’organiser ?",
        space="sante",
        role="membre",
        days=24,
        place="dep-29",
        text=(
            "Plusieurs personnes que nous orientons renoncent à une formation au bout de quelques semaines pour des "
            "raisons de santé que personne n’avait repérées : dents, sommeil, dos, psychotraumatisme.\n\n"
            "Comment faites-vous pour proposer un **bilan de santé avant l’entrée**, sans que cela retarde le parcours "
            "et sans que la santé devienne un critère de tri ?"
        ),
        answers=(
            Answer(
                "porteur",
                "Nous passons par l’**examen de prévention en santé de l’Assurance maladie**. Il est gratuit, "
                "ouvert dès "
                "que les droits sont ouverts (protection universelle maladie), et la caisse accepte des créneaux "
                "collectifs quand on les demande trois semaines avant.\n\n"
                "Trois choses ont tout changé :\n\n"
                "1. la personne y va avec un interprète, réservé en même temps que le créneau ;\n"
                "2. le résultat ne revient **qu’à elle** : nous n’en connaissons que ce qu’elle choisit d’en dire ;\n"
                "3. on propose le bilan à tout le monde, dès l’accueil, jamais au vu d’un symptôme.",
                6,
                helped=True,
                useful_to=("membre", "structure", "animateur"),
            ),
            Answer(
                "structure",
                "En complément : la **permanence d’accès aux soins de santé (PASS)** de l’hôpital reçoit les personnes "
                "dont les droits ne sont pas encore ouverts. Pour la souffrance psychique, l’équipe mobile "
                "psychiatrie-précarité se déplace dans les structures d’hébergement.",
                30,
                useful_to=("membre",),
            ),
        ),
        sheet="adventus",
    ),
    Question(
        title="Interprétariat médical : qui finance, et comment le réserver ?",
        space="sante",
        role="structure",
        days=9,
        place="reg-53",
        text=(
            "Les missions locales nous remontent des consultations faites avec un enfant ou un ami comme interprète. "
            "Comment financez-vous un **interprète professionnel**, au cabinet d’un médecin de ville "
            "comme à l’hôpital ?"
        ),
        answers=(
            Answer(
                "porteur",
                "À l’hôpital, c’est l’établissement qui prend en charge : il faut le **demander au moment du "
                "rendez-vous**. En ville, nous avons inscrit une ligne « interprétariat » au budget du projet, et nous "
                "réservons par téléphone : quinze minutes suffisent souvent, et le médecin dit gagner du temps.",
                20,
                useful_to=("structure", "membre"),
            ),
        ),
    ),
    Question(
        title="Colocation solidaire pour des apprentis : quel bail, quelle caution ?",
        space="hebergement",
        role="porteur",
        days=31,
        place="dep-29",
        text=(
            "Deux entreprises proposent un apprentissage à 40 km de la ville, et il n’y a pas de résidence pour jeunes "
            "travailleurs. Nous pensons à une **colocation de trois personnes** dans une maison communale.\n\n"
            "- Bail unique ou trois baux ?\n- Qui se porte garant quand personne n’a de caution ?\n"
            "- Que se passe-t-il si le contrat est rompu ?"
        ),
        answers=(
            Answer(
                "structure",
                "Prenez **un bail par personne**, avec une chambre privative désignée et les pièces communes en "
                "partage : sinon, le départ de l’un met les deux autres en difficulté.\n\n"
                "Pour la garantie, **Visale** (Action Logement) couvre les moins de 31 ans et les salariés qui entrent "
                "en emploi, sans frais ni pour le bailleur ni pour le locataire. Les apprentis y ont droit.",
                11,
                helped=True,
                useful_to=("porteur", "membre"),
            ),
            Answer(
                "membre",
                "Pensez aussi à l’**aide Mobili-Jeune** pour l’alternance, et à l’intermédiation locative si la "
                "commune hésite : une association loue, puis sous-loue, et garantit le loyer.",
                52,
            ),
        ),
        sheet="adventus",
    ),
    Question(
        title="Quelles solutions de logement pendant une formation courte loin du domicile ?",
        space="logement",
        role="membre",
        days=4,
        place="dep-29",
        text=(
            "La formation dure **dix semaines**, à une heure et demie de transport. Les hôtels prennent "
            "tout le budget, "
            "et les résidences demandent un an d’engagement.\n\nQu’avez-vous trouvé qui tienne : internat, chez "
            "l’habitant, logement de vacances hors saison ?"
        ),
        poll=PollData(
            "Quelle solution avez-vous déjà utilisée pour une formation courte ?",
            (
                "L’internat d’un lycée ou d’un centre de formation",
                "Une chambre chez l’habitant",
                "Un logement de vacances hors saison",
                "Aucune qui ait tenu",
            ),
            is_multiple=True,
        ),
        votes={"porteur": 0, "structure": 2, "animateur": 1},
        answers=(
            Answer(
                "animateur",
                "Pour information : la région recense les internats ouverts le week-end. Je demande la liste à jour et "
                "je la publie ici.",
                5,
            ),
        ),
    ),
    Question(
        title="Récépissé expiré : l’employeur peut-il garder la personne en poste ?",
        space="titres-de-sejour",
        role="membre",
        days=17,
        place="dep-35",
        text=(
            "Une personne en contrat a déposé sa demande de renouvellement à temps, mais son **récépissé arrive à "
            "échéance vendredi** et le rendez-vous en préfecture est dans un mois. L’employeur a peur de se mettre en "
            "faute et parle de suspendre le contrat. Que lui répondre ?"
        ),
        answers=(
            Answer(
                "structure",
                "Deux réflexes :\n\n"
                "- si la demande se fait en ligne (ANEF), téléchargez l’**attestation de "
                "prolongation d’instruction** : "
                "elle maintient le droit au travail et l’employeur la garde dans son dossier ;\n"
                "- si elle se fait au guichet, demandez par courriel le **renouvellement du récépissé** avant "
                "l’échéance, et gardez l’accusé de réception.\n\n"
                "Tant que la demande a été faite dans les délais, rien n’oblige l’employeur à rompre. Un courrier type "
                "l’aide souvent plus qu’une explication : nous en avons rédigé un.",
                3,
                helped=True,
                useful_to=("membre", "porteur", "animateur"),
            ),
            Answer(
                "animateur",
                "Je confirme pour la préfecture d’Ille-et-Vilaine : en cas de blocage à moins de sept jours de "
                "l’échéance, passez par le point d’accès numérique, qui peut alerter le service.",
                26,
                useful_to=("membre",),
            ),
        ),
    ),
    Question(
        title="Réfugié reconnu, titre pas encore délivré : peut-on signer un contrat d’apprentissage ?",
        space="titres-de-sejour",
        role="porteur",
        days=6,
        place="dep-29",
        text=(
            "La protection est accordée, la personne a la décision de l’OFPRA et un récépissé de six mois portant la "
            "mention « a obtenu le statut de réfugié ». Le centre de formation demande le **titre définitif** avant "
            "d’inscrire. Est-ce fondé ?"
        ),
        answers=(
            Answer(
                "membre",
                "Non : le récépissé qui porte cette mention **autorise à travailler**, et l’apprentissage est un "
                "contrat de travail. Montrez au centre de formation la mention sur le récépissé ; chez nous, un appel "
                "au service des contrats a suffi.",
                8,
                useful_to=("porteur",),
            ),
        ),
    ),
    Question(
        title="Rémunération des stagiaires : comment tenir les premières semaines sans versement ?",
        space="remuneration",
        role="structure",
        days=13,
        place="reg-53",
        text=(
            "Entre l’entrée en formation et le **premier versement**, il se passe parfois six à huit semaines. "
            "Certaines personnes abandonnent faute de pouvoir payer les transports et les repas.\n\n"
            "Quelles avances ou quels relais avez-vous trouvés ?"
        ),
        answers=(
            Answer(
                "porteur",
                "Trois relais qui marchent chez nous :\n\n"
                "1. le dossier de rémunération est déposé **le jour de l’entrée**, complet, avec le relevé bancaire : "
                "c’est la moitié du délai gagnée ;\n"
                "2. une **avance remboursable** de 300 €, tenue par notre partenaire associatif ;\n"
                "3. les titres de transport de la région, gratuits pour les stagiaires, demandés avant l’entrée.",
                15,
                helped=True,
                useful_to=("structure", "membre"),
            ),
            Answer(
                "membre",
                "Pour les moins de 26 ans, l’allocation du **contrat d’engagement jeune** peut continuer jusqu’au "
                "premier versement : à vérifier avec la mission locale avant de signer.",
                40,
                useful_to=("structure",),
            ),
        ),
    ),
    Question(
        title="Cumul RSA et rémunération de stage : que déclarer, et quand ?",
        space="remuneration",
        role="membre",
        days=3,
        place="dep-29",
        text=(
            "Une personne au RSA commence une formation rémunérée le 15 du mois. Faut-il déclarer le mois où la "
            "rémunération est **due** ou celui où elle est **versée** ? Nous voulons éviter un indu dans trois mois."
        ),
    ),
    Question(
        title="Se déplacer à 5 h du matin en zone rurale : quelles solutions tiennent dans la durée ?",
        space="mobilite",
        role="porteur",
        days=2,
        place="dep-29",
        text=(
            "L’agroalimentaire recrute, mais la prise de poste est à 5 h et il n’y a pas de car. Le prêt de scooter "
            "dépanne trois mois. Après ?"
        ),
    ),
    Question(
        title="J’ai donné un mauvais conseil à une personne que j’accompagne",
        space="accompagnement-global",
        role="membre",
        days=11,
        is_anonymous=True,
        text=(
            "J’ai affirmé qu’un document n’était pas nécessaire, et la démarche a été rejetée. La personne a "
            "perdu deux "
            "mois. Je ne sais pas comment le lui dire ni comment en parler dans mon équipe. Comment faites-vous quand "
            "cela vous arrive ?"
        ),
        answers=(
            Answer(
                "animateur",
                "Merci d’en parler ici. Le dire simplement, vite, avec ce que vous proposez pour réparer : les "
                "personnes que nous accompagnons pardonnent plus facilement une erreur qu’un silence. Et en équipe, "
                "une erreur racontée en évite dix.",
                7,
                useful_to=("porteur", "structure"),
            ),
            Answer(
                "structure",
                "Nous avons un quart d’heure « ce que je referais autrement » à chaque réunion mensuelle. On y parle "
                "des situations, jamais des personnes. Je vous le conseille.",
                29,
            ),
        ),
    ),
    Question(
        title="Premier bilan entre lauréats : ce que nous changerions dans nos indicateurs",
        space=LAUREATES_SPACE,
        role="porteur",
        days=8,
        text=(
            "Avant le comité de suivi, je vous propose de comparer nos indicateurs : qu’est-ce que vous ne "
            "demanderiez plus, et qu’est-ce qui vous manque ?"
        ),
        answers=(Answer("animateur", "Bonne idée : j’ajoute le sujet à l’ordre du jour.", 12),),
    ),
    Question(
        title="Présentez-vous : qui êtes-vous, et que cherchez-vous ici ?",
        space=MEMBERS_SPACE,
        role="animateur",
        days=40,
        text="Une ou deux phrases suffisent : votre métier, votre territoire, la question que vous vous posez.",
        answers=(
            Answer(
                "membre", "Conseiller en mission locale dans le Finistère : je cherche des solutions de mobilité.", 10
            ),
            Answer("porteur", "Je coordonne ADVENTUS : je partage volontiers notre façon de monter un consortium.", 22),
        ),
    ),
)


def _user(role: str) -> User:
    return User.objects.get(email__iexact=f"{role}@{DOMAIN}")


def load_spaces() -> None:
    """Open the spaces for members and for the laureates of the call, where they are missing."""
    if not Space.objects.filter(slug=MEMBERS_SPACE).exists():
        open_space(
            name="Entre membres",
            slug=MEMBERS_SPACE,
            description="Se présenter, s’entraider, parler du métier : entre membres de la communauté.",
            access=Access.MEMBERS,
        )
    if not Space.objects.filter(slug=LAUREATES_SPACE).exists():
        open_space(
            name="Lauréats de l’appel IPR",
            slug=LAUREATES_SPACE,
            description="Réservé aux porteurs des projets lauréats et à l’animation.",
            access=Access.CIRCLE,
            circle=f"laureates:{CALL_SLUG}",
        )


@transaction.atomic
def load_discussions(say: Say) -> None:
    """Open the discussions whose title is not there yet, each with its answers and what settled it."""
    load_spaces()
    added = 0
    for question in QUESTIONS:
        if not Topic.objects.filter(subject=question.title).exists():
            _ask(question)
            added += 1
    offer_to_answer(user=_user("porteur"), offers=True)
    tell(say, added, len(QUESTIONS))


def _ask(question: Question) -> None:
    space = Space.objects.select_related("forum", "theme", "region").get(slug=question.space)
    discussion = ask_question(
        author=_user(question.role),
        space=space,
        subject=question.title,
        territory=territory(question.place) if question.place else None,
        writing=Writing(question.text, is_anonymous=question.is_anonymous),
        poll=question.poll,
    )
    asked_at = (timezone.localtime() - timedelta(days=question.days)).replace(hour=9, minute=12)
    _date(discussion.topic.first_post, asked_at)
    for answer in question.answers:
        message = reply(author=_user(answer.role), discussion=discussion, writing=Writing(answer.text))
        _date(message.post, asked_at + timedelta(hours=answer.hours))
        for role in answer.useful_to:
            vote_useful(user=_user(role), message=message, is_useful=True)
        if answer.helped:
            mark_helpful(message=message, by=_user(question.role))
    if question.sheet:
        cite(topic=discussion.topic, key=f"sheet:{demo_sheet(question.sheet).pk}", by=_user(question.role))
    _vote(discussion, question)
    discussion.topic.refresh_from_db()
    discussion.topic.update_trackers()


def _vote(discussion: Discussion, question: Question) -> None:
    if question.poll is None:
        return
    poll = discussion.topic.poll
    options = list(poll.options.order_by("pk"))
    for role, place in question.votes.items():
        vote(user=_user(role), poll=poll, options=[options[place]])


def _date(post: Post | None, moment: object) -> None:
    """Give a message the day on which it would have been written."""
    if post is None:
        return
    Post.objects.filter(pk=post.pk).update(created=moment, updated=moment)
    message = Message.objects.select_related("post__topic").get(pk=post.pk)
    if message.is_first:
        Topic.objects.filter(pk=post.topic_id).update(created=moment)
    else:
        Discussion.objects.filter(pk=post.topic_id, first_answer_at__gt=moment).update(first_answer_at=moment)
