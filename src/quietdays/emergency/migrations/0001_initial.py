import django.db.models.deletion
import django.utils.timezone
import quietdays.records.ids
from django.conf import settings
from django.db import migrations, models

from quietdays.records.triggers import refuse_updates


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0004_summary_weekday'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EmergencyCard',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('diagnosis', models.CharField(max_length=200)),
                ('diet', models.CharField(blank=True, max_length=200, verbose_name='the diet in one line')),
                ('call_when', models.TextField(blank=True, max_length=1000)),
                ('rescue', models.TextField(blank=True, max_length=1000)),
                ('glucose', models.TextField(blank=True, max_length=1000)),
                ('fluids', models.TextField(blank=True, max_length=1000)),
                ('avoid', models.TextField(blank=True, max_length=1000)),
                ('contacts', models.TextField(blank=True, max_length=1000)),
                ('call_number', models.CharField(default='112', max_length=20)),
                ('expires_on', models.DateField()),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='emergency_cards', to='people.child')),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-signed_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('avoid', ''), ('call_when', ''), ('contacts', ''), ('fluids', ''), ('glucose', ''), ('rescue', ''), _negated=True), name='emergency_card_says_something', violation_error_message='Write down at least one thing that helps.')],
            },
        ),
        refuse_updates("emergency_emergencycard"),
    ]
