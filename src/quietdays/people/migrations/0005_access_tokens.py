
import django.db.models.deletion
import django.utils.timezone
import quietdays.records.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_summary_weekday'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessToken',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('scopes', models.CharField(max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.child')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='AccessUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('scope', models.CharField(choices=[('read', 'Read the diary (JSON)'), ('log', 'Add and change entries (JSON)'), ('fhir', 'Read as medical data (FHIR)')], max_length=4)),
                ('requests', models.PositiveIntegerField(default=0)),
                ('token', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='people.accesstoken')),
            ],
            options={
                'ordering': ['-day', 'scope'],
            },
        ),
        migrations.AddConstraint(
            model_name='accesstoken',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__in', ['read', 'log', 'fhir', 'read log', 'read fhir', 'log fhir', 'read log fhir'])), name='access_token_scopes_known', violation_error_message='Choose what the token may do.'),
        ),
        migrations.AddConstraint(
            model_name='accesstoken',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='access_token_ends_after_start', violation_error_message='A token ends after it was made.'),
        ),
        migrations.AddConstraint(
            model_name='accessuse',
            constraint=models.UniqueConstraint(fields=('token', 'day', 'scope'), name='access_use_once'),
        ),
    ]
