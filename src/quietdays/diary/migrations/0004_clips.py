import django.db.models.deletion
import django.utils.timezone
import quietdays.records.ids
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diary', '0003_running_cluster'),
        ('people', '0002_kitchen_scale'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalClip',
            fields=[
                ('id', models.UUIDField(db_index=True, default=quietdays.records.ids.new_id, editable=False)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('size_bytes', models.PositiveBigIntegerField()),
                ('content_type', models.CharField(blank=True, max_length=100)),
                ('received_bytes', models.PositiveBigIntegerField(default=0, editable=False)),
                ('completed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('child', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.child')),
                ('cluster', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='diary.spasmcluster')),
                ('entered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical clip',
                'verbose_name_plural': 'historical clips',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Clip',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('size_bytes', models.PositiveBigIntegerField()),
                ('content_type', models.CharField(blank=True, max_length=100)),
                ('received_bytes', models.PositiveBigIntegerField(default=0, editable=False)),
                ('completed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.child')),
                ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clips', to='diary.spasmcluster')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['entered_at'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('received_bytes__lte', models.F('size_bytes')), ('size_bytes__gte', 1)), name='clip_received_within_size', violation_error_message='A clip has at least one byte, and no more than it said.'), models.CheckConstraint(condition=models.Q(('completed_at__isnull', True), ('received_bytes', models.F('size_bytes')), _connector='OR'), name='clip_complete_when_all_is_here', violation_error_message='A clip is complete when all of it is here.')],
            },
        ),
    ]
