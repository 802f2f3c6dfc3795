"""Personal data of the accounts, and of the libraries that the portal is built on."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.personal_data import OnErasure, declare, declare_other_people

declare(
    "accounts.User",
    owner="",
    purpose=_("Your account"),
    fields=("email", "first_name", "last_name", "job_title", "membership_status", "date_joined", "last_login"),
    on_erasure=OnErasure.ANONYMISE,
)
declare(
    "account.EmailAddress",
    owner="user",
    purpose=_("Your e-mail addresses"),
    fields=("email", "verified", "primary"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "wagtailusers.UserProfile",
    owner="user",
    purpose=_("Your preferences in the administration"),
    fields=("preferred_language", "theme"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "wagtailadmin.EditingSession",
    owner="user",
    purpose=_("Pages that you are editing now"),
    fields=("last_seen_at",),
    on_erasure=OnErasure.DELETE,
)
for model, owner, purpose, fields in (
    ("wagtailcore.Page", "owner", _("Pages that you wrote"), ("title",)),
    ("wagtailcore.Revision", "user", _("Versions that you saved"), ("created_at", "object_str")),
    ("wagtailcore.PageLogEntry", "user", _("Journal of pages"), ("timestamp", "action", "label")),
    ("wagtailcore.ModelLogEntry", "user", _("Journal of other content"), ("timestamp", "action", "label")),
    ("wagtailcore.Comment", "user", _("Comments on drafts"), ("text", "created_at")),
    ("wagtailcore.CommentReply", "user", _("Answers to comments on drafts"), ("text", "created_at")),
    ("wagtailcore.WorkflowState", "requested_by", _("Reviews that you asked for"), ("created_at", "status")),
    ("wagtailcore.TaskState", "finished_by", _("Reviews that you decided"), ("finished_at", "status", "comment")),
    ("wagtailimages.Image", "uploaded_by_user", _("Images that you added"), ("title", "created_at")),
    ("wagtaildocs.Document", "uploaded_by_user", _("Documents that you added"), ("title", "created_at")),
    ("content.PortalImage", "uploaded_by_user", _("Images that you added"), ("title", "created_at")),
    ("content.PortalDocument", "uploaded_by_user", _("Documents that you added"), ("title", "created_at")),
):
    declare(model, owner=owner, purpose=purpose, fields=fields, on_erasure=OnErasure.ANONYMISE)
declare(
    "mfa.Authenticator",
    owner="user",
    purpose=_("Your second factors; their secrets are never exported"),
    fields=("type", "created_at", "last_used_at"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "usersessions.UserSession",
    owner="user",
    purpose=_("Your connected devices"),
    fields=("user_agent", "ip", "created_at", "last_seen_at"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "accounts.KnownDevice",
    owner="user",
    purpose=_("Devices from which you have signed in"),
    fields=("label", "last_seen_at"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "accounts.EmailChange",
    owner="user",
    purpose=_("Your changes of address"),
    fields=("old_email", "new_email", "status", "asked_at", "old_agreed_at", "new_agreed_at"),
    on_erasure=OnErasure.DELETE,
)
for model, owner, purpose, fields in (
    ("wagtailcore.PageSubscription", "user", _("Drafts whose comments you follow"), ("comment_notifications",)),
    ("wagtailcore.UploadedFile", "uploaded_by_user", _("Files being uploaded"), ("file",)),
    ("wagtailadmin.FormState", "user", _("Forms left open in the administration"), ("last_updated_at",)),
    ("wagtailcore.APIToken", "user", _("Keys for the programming interface"), ("name", "created")),
):
    declare(model, owner=owner, purpose=purpose, fields=fields, on_erasure=OnErasure.DELETE)
declare_other_people(
    "django_tasks_db.DBTaskResult",
    because="its arguments are identifiers, or addresses sealed by portal.accounts.tasks; finished ones go after weeks",
)
