
import django.db.models.deletion
import django.utils.timezone
import quietdays.records.ids
from django.db import migrations, models

from quietdays.records.triggers import refuse_updates


class Migration(migrations.Migration):

    dependencies = [
        ('insights', '0003_written_once'),
        ('people', '0004_summary_weekday'),
    ]

    operations = [
        migrations.CreateModel(
            name='Issued',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('week', 'weekly summary'), ('period', 'four weeks on the diet')], max_length=8)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('content', models.JSONField()),
                ('version', models.CharField(max_length=40)),
                ('inputs_sha256', models.CharField(max_length=64)),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='issued', to='people.child')),
            ],
            options={
                'ordering': ['first_day', 'issued_at'],
                'constraints': [models.UniqueConstraint(fields=('child', 'what', 'first_day', 'last_day'), name='issued_once'), models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='issued_in_order', violation_error_message='What is summed up ends before it begins.')],
            },
        ),
        refuse_updates("insights_issued"),
    ]
