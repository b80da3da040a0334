from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reminders', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('medicine', 'medicines'), ('meal', 'feeds and meals'), ('supply', 'supplies that end'), ('week', 'the weekly summary')], max_length=8),
        ),
    ]
