from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diary', '0002_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalspasmcluster',
            name='is_open',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='spasmcluster',
            name='is_open',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='historicalspasmcluster',
            name='touches',
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='spasmcluster',
            name='touches',
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
