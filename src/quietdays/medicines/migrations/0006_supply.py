import django.db.models.deletion
import django.utils.timezone
import quietdays.records.ids
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('medicines', '0005_schedule_how'),
        ('people', '0004_summary_weekday'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalSupply',
            fields=[
                ('id', models.UUIDField(db_index=True, default=quietdays.records.ids.new_id, editable=False)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('kind', models.CharField(choices=[('medicine', 'a medicine'), ('formula', 'formula'), ('strips', 'ketone strips'), ('other', 'something else')], max_length=8)),
                ('name', models.CharField(max_length=120)),
                ('unit', models.CharField(max_length=20)),
                ('amount', models.DecimalField(decimal_places=3, max_digits=10)),
                ('counted_at', models.DateTimeField()),
                ('per_day', models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True)),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('warn_days', models.PositiveSmallIntegerField(default=7)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('child', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.child')),
                ('entered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('medicine', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='medicines.medicine')),
            ],
            options={
                'verbose_name': 'historical supply',
                'verbose_name_plural': 'historical supplies',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Supply',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('kind', models.CharField(choices=[('medicine', 'a medicine'), ('formula', 'formula'), ('strips', 'ketone strips'), ('other', 'something else')], max_length=8)),
                ('name', models.CharField(max_length=120)),
                ('unit', models.CharField(max_length=20)),
                ('amount', models.DecimalField(decimal_places=3, max_digits=10)),
                ('counted_at', models.DateTimeField()),
                ('per_day', models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True)),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('warn_days', models.PositiveSmallIntegerField(default=7)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.child')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('medicine', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='supplies', to='medicines.medicine')),
            ],
            options={
                'verbose_name_plural': 'supplies',
                'ordering': ['name'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'medicine'), ('medicine__isnull', False)), models.Q(models.Q(('kind', 'medicine'), _negated=True), ('medicine__isnull', True)), _connector='OR'), name='supply_of_a_medicine_names_it', violation_error_message='Which medicine is it?'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='supply_amount_possible', violation_error_message='There cannot be less than nothing.'), models.CheckConstraint(condition=models.Q(('per_day__isnull', True), ('per_day__gt', 0), _connector='OR'), name='supply_per_day_possible', violation_error_message='What is used in a day is more than zero.'), models.CheckConstraint(condition=models.Q(('warn_days__gte', 1), ('warn_days__lte', 60)), name='supply_warn_possible', violation_error_message='Choose 1 to 60 days.')],
            },
        ),
    ]
