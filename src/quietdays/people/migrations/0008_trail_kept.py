from datetime import UTC, datetime

from django.db import migrations

from quietdays.records.triggers import refuse_deletes, refuse_updates


def take_sessions_over(apps, schema_editor):
    """Phones that are signed in stay signed in: their sessions move to our own table."""
    if "django_session" not in schema_editor.connection.introspection.table_names():
        return
    SignedIn = apps.get_model("people", "SignedIn")
    now = datetime.now(UTC)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT session_key, session_data, expire_date FROM django_session")
        rows = cursor.fetchall()
    for key, data, expires in rows:
        if isinstance(expires, str):
            expires = datetime.fromisoformat(expires)
        expires = expires if expires.tzinfo else expires.replace(tzinfo=UTC)
        if expires > now:
            values = {"session_data": data, "expire_date": expires}
            SignedIn.objects.get_or_create(session_key=key, defaults=values)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0007_circles'),
    ]

    operations = [
        refuse_updates('people_trailentry'),
        refuse_deletes('people_trailentry'),
        migrations.RunPython(take_sessions_over, migrations.RunPython.noop),
    ]
