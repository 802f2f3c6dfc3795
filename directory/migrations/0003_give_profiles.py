"""Give the accounts that are older than profiles one each; apart, since PostgreSQL wants the tables made first."""

from django.db import migrations

from portal.taxonomy.models import normalize_name


def give_profiles(apps, schema_editor):
    """Give the accounts that are older than profiles one each."""
    profile, user = apps.get_model("directory", "Profile"), apps.get_model("accounts", "User")
    for account in user.objects.filter(profile=None):
        words = f"{account.last_name} {account.first_name} {account.job_title}"
        profile.objects.create(user=account, search_text=normalize_name(words))


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_profiles"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(give_profiles, migrations.RunPython.noop, elidable=True),
    ]
