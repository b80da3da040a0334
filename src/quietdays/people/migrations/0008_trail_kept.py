from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations

from quietdays.records.triggers import refuse_deletes, refuse_updates


def take_sessions_over(apps, schema_editor):
    """Phones that are signed in stay signed in: their sessions move to our own table, each with
    its person, so that a lost phone stands in the list of browsers."""
    if "django_session" not in schema_editor.connection.introspection.table_names():
        return
    SignedIn = apps.get_model("people", "SignedIn")
    Person = apps.get_model("people", "Person")
    now, reader = datetime.now(UTC), SessionStore()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT session_key, session_data, expire_date FROM django_session")
        rows = cursor.fetchall()
    for key, data, expires in rows:
        if isinstance(expires, str):
            expires = datetime.fromisoformat(expires)
        expires = expires if expires.tzinfo else expires.replace(tzinfo=UTC)
        person = Person.objects.filter(pk=reader.decode(data).get("_auth_user_id")).first()
        if expires > now and person is not None:
            values = {"session_data": data, "expire_date": expires, "person": person}
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
