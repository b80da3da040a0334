from django.db import migrations

from quietdays.records.triggers import refuse_updates


class Migration(migrations.Migration):
    dependencies = [("diet", "0001_initial")]
    operations = [refuse_updates("diet_prescription", "diet_foodcomposition")]
