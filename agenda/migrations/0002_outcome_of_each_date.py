"""What came out of an event, the subjects put first and the files belong to one date each."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def give_to_a_date(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Move what a part of a series holds to the date that it tells of.

    That is the last one with a restitution, or else the last one that is over, or else the first.
    """
    plans = apps.get_model("agenda", "SessionPlan").objects
    subjects = apps.get_model("agenda", "Subject").objects
    written = set(plans.exclude(outcome="").values_list("pk", flat=True))
    for plan in plans.filter(pk__in=written | set(subjects.values_list("plan_id", flat=True))):
        sessions = list(plan.sessions.select_related("occurrence").order_by("starts_at", "pk"))
        if not sessions:
            _keep_in_the_text(plan, subjects.filter(plan=plan))
        over = [one for one in sessions if one.starts_at is None or one.starts_at < django.utils.timezone.now()]
        reported = [one for one in sessions if one.occurrence.report_published_at]
        for session in (reported or over or sessions[:1])[-1:]:
            session.outcome = plan.outcome
            session.save(update_fields=["outcome"])
            subjects.filter(plan=plan).update(session=session)
    subjects.filter(session=None).delete()
    if schema_editor.connection.vendor == "postgresql":
        # A table with rows whose references are still to be checked cannot be altered.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _keep_in_the_text(plan: Any, subjects: models.QuerySet[Any]) -> None:
    """Keep what has no date to go to in the text of its event."""
    titles = "\n".join(f"- {title}" for title in subjects.values_list("title", flat=True))
    parts = [plan.event.follow_up, plan.outcome, titles]
    plan.event.follow_up = "\n\n".join(part for part in parts if part)
    plan.event.save(update_fields=["follow_up"])


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="eventdocument",
            name="occurrence",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="documents",
                to="agenda.occurrence",
                verbose_name="date",
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="outcome",
            field=models.TextField(
                blank=True,
                help_text="Markdown: **bold**, lists, [links](https://…).",
                max_length=10000,
                verbose_name="what came out of it",
            ),
        ),
        migrations.AddField(
            model_name="subject",
            name="session",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="subjects",
                to="agenda.session",
                verbose_name="part",
            ),
        ),
        migrations.RunPython(give_to_a_date, elidable=True),
        migrations.RemoveConstraint(model_name="subject", name="one_subject_a_rank"),
        migrations.AlterModelOptions(
            name="subject",
            options={
                "ordering": ["session", "rank"],
                "verbose_name": "prioritised subject",
                "verbose_name_plural": "prioritised subjects",
            },
        ),
        migrations.RemoveField(model_name="subject", name="plan"),
        migrations.RemoveField(model_name="sessionplan", name="outcome"),
        migrations.AlterField(
            model_name="subject",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="subjects",
                to="agenda.session",
                verbose_name="part",
            ),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.UniqueConstraint(fields=("session", "rank"), name="one_subject_a_rank"),
        ),
    ]
