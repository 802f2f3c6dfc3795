"""Writing: asking, answering, changing, deleting; drafts, previews, what is proposed while one types."""

from typing import Any, TypeVar
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from forum.community.forms.writing import EditForm, QuestionForm, ReplyForm, WritingForm
from forum.community.models import Discussion, Draft, Message, Space
from forum.community.permissions import Permissions
from forum.community.presentation import forum_tabs
from forum.community.selectors import discussions as reads
from forum.community.selectors.similar import similar_discussions
from forum.community.services.drafts import discard_draft, save_draft
from forum.community.services.files import drop_files, keep_file
from forum.community.services.writing import (
    AnsweredMeanwhileError,
    Writing,
    ask_question,
    delete_message,
    edit_message,
    finished,
    reply,
)
from forum.community.views.common import (
    READ_OR_POST,
    discussion_or_404,
    gone_page,
    members_only,
    message_or_404,
    writer_of,
)
from forum.community.views.sending import claim, nonce_of
from portal.accounts.models import User
from portal.core.markdown import render_markdown
from portal.core.throttle import take_turn

QUESTION = "question"
#: Messages of one member in ten minutes: more is a machine, or a quarrel.
MOST_MESSAGES, WINDOW = 20, 600
FormOfMessage = TypeVar("FormOfMessage", bound=WritingForm)


def reply_form(
    request: HttpRequest, discussion: Discussion, permissions: Permissions, marks: reads.Marks, *, quoted: str = ""
) -> dict[str, Any] | None:
    """Return the form of an answer below a discussion, with what the member had begun; None where they may not."""
    if not permissions.may_reply_to(discussion):
        return None
    key = Draft.key_of_answer(discussion.pk)
    draft = Draft.objects.filter(user=permissions.user, key=key).prefetch_related("files").first()
    values = dict(draft.values) if draft else {}
    if not values and marks.writes_anonymously:
        # Who hid their name in this discussion goes on hiding it unless they say otherwise.
        values["is_anonymous"] = "on"
    if quoted:
        values["content"] = f"{values.get('content', '')}\n\n{quoted}".lstrip()
    form = ReplyForm(initial=values, permissions=permissions)
    return _form_context(form, draft, key=key)


def _form_context(
    form: WritingForm, draft: Draft | None, *, key: str, preview: SafeString | str = ""
) -> dict[str, Any]:
    return {
        "form": form,
        "draft": draft,
        "files": list(draft.files.all()) if draft else [],
        "key": key,
        "nonce": nonce_of(form.data.get("envoi")) or uuid4().hex,
        "preview": preview,
    }


def _keep_typed(request: HttpRequest, form: WritingForm, user: User, key: str) -> Draft:
    """Keep what was sent as a draft, files that pass with it, before anything else may fail."""
    draft = save_draft(user=user, key=key, typed=request.POST.dict())
    taken_away = {pk for pk in request.POST.getlist("retirer") if pk.isascii() and pk.isdigit() and len(pk) < 18}
    drop_files(draft.files.filter(pk__in=taken_away))
    for upload in form.fields["files"].passed:  # type: ignore[attr-defined]
        keep_file(draft=draft, upload=upload)
    return draft


def _draft_to_publish(
    request: HttpRequest, form: WritingForm, user: User, key: str, *, has_draft: bool = True
) -> Draft | None:
    """Return the draft whose files go with a form that is right; files sent with it are kept there first.

    ``has_draft`` is False where it is known that there is none.
    """
    if form.fields["files"].passed or "retirer" in request.POST:  # type: ignore[attr-defined]
        return _keep_typed(request, form, user, key)
    return Draft.objects.filter(user=user, key=key).first() if has_draft else None


def _writing(form: WritingForm, draft: Draft | None) -> Writing:
    cleaned = form.cleaned_data
    return Writing(
        content=cleaned["content"],
        is_anonymous=cleaned["is_anonymous"],
        organisation=cleaned.get("organisation"),
        files=list(draft.files.all()) if draft else (),
    )


def _is_too_much(form: WritingForm, user: User) -> bool:
    if take_turn("forum-message", str(user.pk), limit=MOST_MESSAGES, seconds=WINDOW):
        return False
    form.add_error(
        None, _("You have written many messages in ten minutes. Wait a little: your text is kept as a draft.")
    )
    return True


def _say_being_sent(form: WritingForm) -> None:
    text = _(
        "This message is already being sent. Your text is kept: if you do not find it published in half a minute, "
        "send it again."
    )
    form.add_error(None, text)


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def ask(request: HttpRequest) -> HttpResponse:
    """Ask a question: one form, kept as it is typed, shown before it is sent if the person wants."""
    user, permissions = writer_of(request)
    if request.method != "POST":
        draft = Draft.objects.filter(user=user, key=QUESTION).prefetch_related("files").first()
        form = QuestionForm(initial=_initial_question(request, draft, permissions), permissions=permissions)
        return _ask_page(request, _form_context(form, draft, key=QUESTION))
    form = QuestionForm(request.POST, request.FILES, permissions=permissions)
    is_valid, action = form.is_valid(), request.POST.get("action", "publier")
    if is_valid and action == "publier":
        return _publish_question(request, form, user)
    draft = _keep_typed(request, form, user, QUESTION)
    if action == "brouillon":
        messages.success(request, _("Your draft is kept. You find it again when you ask a question."))
        return redirect("community_forum:ask")
    if action in {"apercu", "proches"}:
        return _ask_page(
            request, _form_context(_unbound(form), draft, key=QUESTION, preview=_preview(request, user, action))
        )
    return _ask_page(request, _form_context(form, draft, key=QUESTION), status=422)


def _publish_question(request: HttpRequest, form: QuestionForm, user: User) -> HttpResponse:
    sending = claim(request)
    if sending.url:
        return redirect(sending.url)
    if not sending.is_first:
        _say_being_sent(form)
        return _ask_again(request, form, user, status=409)
    with sending:
        if _is_too_much(form, user):
            sending.forget()
            return _ask_again(request, form, user, status=422)
        kept = _draft_to_publish(request, form, user, QUESTION)
        made = ask_question(
            author=user,
            space=form.cleaned_data["space"],
            subject=form.cleaned_data["subject"],
            territory=form.cleaned_data["territory"],
            poll=form.poll,
            writing=_writing(form, kept),
        )
    sending.note(made.get_absolute_url())
    if kept is not None:
        discard_draft(user=user, key=QUESTION)
    _tell_written(request, is_published=made.topic.approved, is_question=True)
    return redirect(made.get_absolute_url())


def _ask_again(request: HttpRequest, form: QuestionForm, user: User, *, status: int) -> HttpResponse:
    """Show the form again with what it says, all that was typed being kept."""
    draft = _keep_typed(request, form, user, QUESTION)
    return _ask_page(request, _form_context(form, draft, key=QUESTION), status=status)


def _unbound(form: FormOfMessage) -> FormOfMessage:
    """Return the same form without its errors: who asks for a preview is not done yet."""
    values = {name: form.data.get(name, "") for name in form.fields}
    for name, field in form.fields.items():
        if hasattr(field.widget, "check_test"):
            values[name] = form.data.get(name) in {"on", "True", "true"}
    made = type(form)(initial=values, permissions=form.permissions)
    made.data = form.data
    return made


def _preview(request: HttpRequest, user: User, action: str) -> SafeString | str:
    text = request.POST.get("content", "").replace("\0", "")[:20_000]
    return render_markdown(finished(text, author=user)) if action == "apercu" and text.strip() else ""


def _initial_question(request: HttpRequest, draft: Draft | None, permissions: Permissions) -> dict[str, Any]:
    values = dict(draft.values) if draft else {}
    wanted = request.GET.get("theme", "").replace("\0", "")
    if wanted:
        chosen = Space.objects.visible_to(permissions.user).filter(slug=wanted).first()
        if chosen is not None:
            values["space"] = str(chosen.pk)
    if title := request.GET.get("titre", "").replace("\0", "")[:120]:
        values["subject"] = title
    return values


def _ask_page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    form: QuestionForm = context["form"]
    text = str(form["subject"].value() or "")
    context["similar"] = similar_discussions(text, user=request.user)
    context["tabs"] = forum_tabs(request.user, "ask")
    return render(request, "community_forum/ask.html", context, status=status)


def _tell_written(request: HttpRequest, *, is_published: bool, is_question: bool) -> None:
    if not is_published:
        messages.info(
            request, _("Your message waits for a moderator, as all do in this space. We tell you when it is published.")
        )
    elif is_question:
        messages.success(request, _("Your question is published. You follow it: we tell you when somebody answers."))
    else:
        messages.success(request, _("Your answer is published."))


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def answer(request: HttpRequest, slug: str, pk: int, title: str) -> HttpResponse:
    """Take an answer; a page of its own shows the form again when it must be mended."""
    user, permissions = writer_of(request)
    if request.method != "POST":
        return redirect(f"{discussion_or_404(request, pk).get_absolute_url()}#repondre")
    discussion = reads.discussion_to_answer(user, pk)
    if discussion is None:
        # Deleted or merged while the answer was typed: 404, with what was typed.
        return gone_page(request, status=404, into=reads.merged_into(user, pk))
    if not permissions.may_reply_to(discussion):
        return gone_page(request, status=403)
    return _take_answer(request, discussion, user, permissions)


def _take_answer(request: HttpRequest, discussion: Discussion, user: User, permissions: Permissions) -> HttpResponse:
    form = ReplyForm(request.POST, request.FILES, permissions=permissions)
    is_valid, action = form.is_valid(), request.POST.get("action", "publier")
    if is_valid and action == "publier":
        return _publish_answer(request, discussion, form, user)
    key = Draft.key_of_answer(discussion.pk)
    draft = _keep_typed(request, form, user, key)
    if action == "brouillon":
        messages.success(request, _("Your draft is kept: you find it again below this discussion."))
        return redirect(f"{discussion.get_absolute_url()}#repondre")
    if action == "apercu":
        context = _form_context(_unbound(form), draft, key=key, preview=_preview(request, user, action))
        return _answer_page(request, discussion, context)
    return _answer_page(request, discussion, _form_context(form, draft, key=key), status=422)


def _publish_answer(request: HttpRequest, discussion: Discussion, form: ReplyForm, user: User) -> HttpResponse:
    key = Draft.key_of_answer(discussion.pk)
    sending = claim(request)
    if sending.url:
        return redirect(sending.url)
    if not sending.is_first:
        _say_being_sent(form)
        return _answer_again(request, discussion, form, user, status=409)
    with sending:
        if _is_too_much(form, user):
            sending.forget()
            return _answer_again(request, discussion, form, user, status=422)
        kept = _draft_to_publish(request, form, user, key, has_draft=discussion.has_draft)  # type: ignore[attr-defined]
        message = reply(author=user, discussion=discussion, writing=_writing(form, kept))
    url = reverse("community_forum:message", args=[message.pk])
    sending.note(url)
    if kept is not None:
        discard_draft(user=user, key=key)
    _tell_written(request, is_published=message.post.approved, is_question=False)
    return redirect(url)


def _answer_again(
    request: HttpRequest, discussion: Discussion, form: ReplyForm, user: User, *, status: int
) -> HttpResponse:
    """Show the form again with what it says, all that was typed being kept."""
    key = Draft.key_of_answer(discussion.pk)
    draft = _keep_typed(request, form, user, key)
    return _answer_page(request, discussion, _form_context(form, draft, key=key), status=status)


def _answer_page(
    request: HttpRequest, discussion: Discussion, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(
        request, "community_forum/answer.html", {"writing": context, "discussion": discussion, **context}, status=status
    )


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a message."""
    user, permissions = writer_of(request)
    message = message_or_404(request, pk)
    if not permissions.may_edit(message):
        raise PermissionDenied
    form = EditForm(request.POST if request.method == "POST" else None, message=message)
    preview: SafeString | str = ""
    if request.method == "POST":
        if request.POST.get("action") == "apercu":
            preview = _preview(request, user, "apercu")
        elif form.is_valid():
            _keep_change(request, message, form, user)
            return redirect("community_forum:message", pk=message.pk)
    context = {"form": form, "message": message, "discussion": message.post.topic.discussion, "preview": preview}
    status = 422 if form.is_bound and not preview and form.errors else 200
    return render(request, "community_forum/edit.html", context, status=status)


def _keep_change(request: HttpRequest, message: Message, form: EditForm, user: User) -> None:
    cleaned = form.cleaned_data
    waits_again = edit_message(
        message=message,
        by=user,
        content=cleaned["content"],
        subject=cleaned.get("subject", ""),
        reason=cleaned["reason"],
        taken_away=cleaned.get("taken_away", ()),
    )
    if waits_again:
        messages.info(
            request, _("Your message waits for a moderator to read it again. We tell you when it is published.")
        )
    else:
        messages.success(request, _("The message is changed."))


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a message is deleted, then do it."""
    user, permissions = writer_of(request)
    message = message_or_404(request, pk)
    if not permissions.may_delete(message):
        raise PermissionDenied
    discussion = message.post.topic.discussion
    if request.method != "POST":
        context = {"message": message, "discussion": discussion, "others": discussion.answers_count}
        return render(request, "community_forum/delete.html", context)
    space_url = message.post.topic.forum.space.get_absolute_url()
    url = discussion.get_absolute_url()
    try:
        is_whole = delete_message(message=message, by=user)
    except AnsweredMeanwhileError:
        messages.error(request, _("Somebody has answered meanwhile: the question stays, with its answers."))
        return redirect(url)
    messages.success(request, _("The discussion is deleted.") if is_whole else _("The message is deleted."))
    return redirect(space_url if is_whole else url)
