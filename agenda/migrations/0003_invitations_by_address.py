"""The invitations of one person are found by their address."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the index that every list of a member asks."""

    dependencies = [("agenda", "0002_outcome_of_each_date")]

    operations = [
        migrations.AddIndex(
            model_name="invitee",
            index=models.Index(fields=["email"], name="invited_by_address"),
        ),
    ]
