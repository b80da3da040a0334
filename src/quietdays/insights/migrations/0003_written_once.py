from django.db import migrations

from quietdays.records.triggers import refuse_updates


class Migration(migrations.Migration):
    dependencies = [("insights", "0002_initial")]
    operations = [refuse_updates("insights_baseline")]
