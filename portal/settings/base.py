"""Settings shared by every environment; the environments add databases, transports and secrets."""

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from .variables import BASE_DIR, origin_of, read, read_together

DATA_DIR = read("DATA")
PORTAL_NAME = read("PORTAL_NAME")
PORTAL_TAGLINE = read("PORTAL_TAGLINE")
PORTAL_THEME = read("PORTAL_THEME")

DEBUG = False
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

# Order matters where templates or commands are overridden: ours before Wagtail's.
INSTALLED_APPS = [
    "portal.animation",
    "agenda",
    "project_sheets",
    "forum.community",
    "portal.proconnect",
    "forum.machina_apps.forum",
    "forum.machina_apps.forum_conversation",
    "forum.machina_apps.forum_conversation.forum_attachments",
    "forum.machina_apps.forum_conversation.forum_polls",
    "forum.machina_apps.forum_feeds",
    "forum.machina_apps.forum_member",
    "forum.machina_apps.forum_moderation",
    "forum.machina_apps.forum_permission",
    "forum.machina_apps.forum_search",
    "forum.machina_apps.forum_tracking",
    "portal.joining",
    "directory",
    "portal.content",
    "search",
    "portal.moderation",
    "portal.notifications",
    "portal.notifications.announcements",
    "portal.accounts.data_rights",
    "portal.accounts",
    "portal.mail",
    "portal.taxonomy",
    "portal.core",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "dsfr",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "portal.core.static_files.ServedFilesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.core.middleware.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "portal.core.page_cache.PageCacheMiddleware",
    "portal.core.middleware.PrivateResponseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.SessionWatchMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "portal.joining.middleware.WaitingMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

THEMES_DIR = BASE_DIR / "portal" / "themes"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A component is drawn by its theme, or alike in all of them; page templates are shared.
        "DIRS": [THEMES_DIR / PORTAL_THEME, THEMES_DIR / "shared", BASE_DIR / "portal" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "portal.content.context_processors.layout",
            ],
        },
    },
]

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "Français")]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# Leaflet comes from npm, as the data of the territories does.
STATICFILES_DIRS = [BASE_DIR / "portal" / "static", ("leaflet", BASE_DIR / "node_modules" / "leaflet" / "dist")]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Files that only a permission-checked view may serve: outside MEDIA_ROOT, no URL.
    "private": {
        "BACKEND": "portal.core.storage.PrivateFileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "private"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CACHES = {
    "default": {
        "BACKEND": "portal.core.cache.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Wagtail writes each picture shown to this cache, at every page: dearer than the one query it spares.
    "renditions": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
PAGE_CACHE_ENABLED = read("PAGE_CACHE")
PAGE_CACHE_SECONDS = 600

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.MemberBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "portal.accounts.validators.PredictablePasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {"login": "portal.accounts.sign_in.forms.SignInForm"}
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Attempts are counted by portal.accounts.throttle, which no stranger can turn against a member.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
# A change of what protects an account wants a sign-in, or a proof of identity, this recent.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "portal.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = PORTAL_NAME
# Phones drift: the code before and the code after the current one pass too.
MFA_TOTP_TOLERANCE = 1
MFA_REQUIRED_FOR_STAFF = bool(read("MFA_REQUIRED_FOR_STAFF"))

PROCONNECT_URL, _client_id, _client_secret = read_together(
    "PROCONNECT_URL", "PROCONNECT_CLIENT_ID", "PROCONNECT_CLIENT_SECRET"
)
SOCIALACCOUNT_ADAPTER = "portal.proconnect.adapter.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
if PROCONNECT_URL:
    _proconnect = {"client_id": _client_id, "secret": _client_secret, "settings": {"server_url": PROCONNECT_URL}}
    SOCIALACCOUNT_PROVIDERS["proconnect"] = {"APPS": [_proconnect]}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.core.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}
if PROCONNECT_URL:
    # Browsers hold a form to where it is led: the button of ProConnect posts here, which sends on to it.
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(PROCONNECT_URL)
MAP_TILES_URL = read("MAP_TILES_URL") or ""
MAP_TILES_CREDIT = read("MAP_TILES_CREDIT") or ""
if MAP_TILES_URL:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(origin_of(MAP_TILES_URL))
# Wagtail's admin has inline scripts and styles; it alone gets this wider policy.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "frame-src": ["'self'"],
    "frame-ancestors": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}

# The forum's engine: texts are rendered by the portal's own Markdown, its screens and forms are not used.
MACHINA_MARKUP_LANGUAGE = ("portal.core.markdown.render_markdown", {})
MACHINA_MARKUP_WIDGET = None
MACHINA_POST_CONTENT_MAX_LENGTH = 20_000
MACHINA_USER_DISPLAY_NAME_METHOD = "get_full_name"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
# Dotted path of what an antivirus provides: it takes an uploaded file and raises ValidationError to refuse it.
UPLOAD_SCANNER: str | None = None

WAGTAIL_SITE_NAME = PORTAL_NAME
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/connexion/"
# An address that is nearly a page's would be asked about, by the title of the page's draft.
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = "exact"
# Where French people live; the stock list holds names that browsers refuse.
WAGTAIL_USER_TIME_ZONES = [
    "Europe/Paris",
    "America/Cayenne",
    "America/Guadeloupe",
    "America/Martinique",
    "Indian/Mayotte",
    "Indian/Reunion",
]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "content.PortalImage"
WAGTAILDOCS_DOCUMENT_MODEL = "content.PortalDocument"
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.content.forms.PortalImageForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10_000_000
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"jpeg": "webp", "png": "webp"}
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20_000_000
# The kinds whose content portal.core.uploads can tell.
WAGTAILDOCS_EXTENSIONS = ["pdf", "odt", "ods", "odp", "docx", "xlsx", "pptx"]
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILADMIN_BASE_URL = read("BASE_URL") or f"http://127.0.0.1:{read('PORT')}"
BASE_URL = WAGTAILADMIN_BASE_URL

# Every e-mail, a library's too, is a row of the outbox: a page never waits for a mail server.
EMAIL_BACKEND = "portal.mail.backends.OutboxBackend"
# What the worker sends with. In clear files where no server is given; see the settings of each environment.
OUTBOX_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
# A mail server that does not answer must not hold the worker.
EMAIL_TIMEOUT = 20
# Longer than a sending whose every step takes EMAIL_TIMEOUT: after it, the message is another worker's.
OUTBOX_LEASE_SECONDS = 300
OUTBOX_POLL_SECONDS = 1.0
# After each failed attempt but the last: a greylisting passes in minutes, a full mailbox in a day.
OUTBOX_RETRY_SECONDS = (60, 300, 1_800, 7_200, 21_600, 86_400)
SEARCH_ENGINE = read("SEARCH_ENGINE")
ELASTICSEARCH_URL = read("ELASTICSEARCH_URL")
if SEARCH_ENGINE == "elasticsearch" and not ELASTICSEARCH_URL:
    raise ImproperlyConfigured("ELASTICSEARCH_URL is missing, and SEARCH_ENGINE is elasticsearch.")
DEFAULT_FROM_EMAIL = read("DEFAULT_FROM_EMAIL") or "portail@demo.example"
MAIL_RETURN_ADDRESS = read("MAIL_RETURN_ADDRESS") or ""
MAIL_RETURN_MAILDIR = read("MAIL_RETURN_MAILDIR")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CONTACT_EMAIL = read("CONTACT_EMAIL") or "contact@demo.example"
# Its mail server delivers "reponse+…@host" to "manage.py receive_reply".
REPLY_ADDRESS = read("REPLY_ADDRESS") or ""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Each PDF document would write forty lines of progress.
    "loggers": {name: {"level": "ERROR"} for name in ("weasyprint", "weasyprint.progress", "fontTools")},
}

# SQLite without these loses writes under load: WAL alone still gave "database is locked".
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;"
    ),
}
