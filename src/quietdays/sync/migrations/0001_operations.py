import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0002_kitchen_scale'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Operation',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('device', models.UUIDField()),
                ('kind', models.CharField(max_length=20)),
                ('action', models.CharField(max_length=8)),
                ('entry_id', models.UUIDField()),
                ('reached_id', models.UUIDField(blank=True, null=True)),
                ('undoes', models.UUIDField(blank=True, null=True)),
                ('made_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('clock_offset_s', models.FloatField()),
                ('answer', models.JSONField()),
                ('child', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.child')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=60)),
                ('entry_id', models.UUIDField()),
                ('version', models.BigIntegerField(blank=True, null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('child', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.child')),
                ('operation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='sync.operation')),
            ],
        ),
        migrations.AddIndex(
            model_name='operation',
            index=models.Index(fields=['child', 'entry_id'], name='operation_entry'),
        ),
        migrations.AddIndex(
            model_name='operation',
            index=models.Index(fields=['child', 'reached_id'], name='operation_reached'),
        ),
        migrations.AddIndex(
            model_name='operation',
            index=models.Index(fields=['undoes'], name='operation_undoes'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['child', 'id'], name='change_feed'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['entry_id'], name='change_entry'),
        ),
    ]
