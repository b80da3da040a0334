"""On PostgreSQL a refused update is an error of integrity, as it is on SQLite."""

from django.db import migrations

from quietdays.records.triggers import refuse_updates


class Migration(migrations.Migration):

    dependencies = [
        ('insights', '0004_issued'),
    ]

    # The function that all such triggers call is one; the newest text of it holds for all.
    operations = [
        refuse_updates("insights_issued"),
    ]
