from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('medicines', '0004_medicine_strength'),
        ('people', '0004_summary_weekday'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalschedule',
            name='every_days',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='historicalschedule',
            name='hours_between',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True),
        ),
        migrations.AddField(
            model_name='historicalschedule',
            name='how',
            field=models.CharField(choices=[('scheduled', 'at set times'), ('as_needed', 'as needed'), ('rescue', 'rescue')], default='scheduled', max_length=12),
        ),
        migrations.AddField(
            model_name='historicalschedule',
            name='rules',
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name='schedule',
            name='every_days',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='schedule',
            name='hours_between',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True),
        ),
        migrations.AddField(
            model_name='schedule',
            name='how',
            field=models.CharField(choices=[('scheduled', 'at set times'), ('as_needed', 'as needed'), ('rescue', 'rescue')], default='scheduled', max_length=12),
        ),
        migrations.AddField(
            model_name='schedule',
            name='rules',
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(('every_days__range', (1, 28))), name='schedule_every_days_possible', violation_error_message='Every 1 to 28 days.'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(('hours_between__isnull', True), ('hours_between__range', (Decimal('0.5'), Decimal('72'))), _connector='OR'), name='schedule_hours_between_possible', violation_error_message='Half an hour to 72 hours.'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(('how', 'scheduled'), models.Q(('every_days', 1), ('how__in', ['as_needed', 'rescue']), ('times', []), models.Q(('rules', ''), _negated=True)), _connector='OR'), name='schedule_unscheduled_has_rules', violation_error_message='As needed and rescue have rules and no times.'),
        ),
    ]
