from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('medicines', '0003_dose_carbohydrate'),
        ('people', '0004_summary_weekday'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalmedicine',
            name='carbohydrate_checked_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='historicalmedicine',
            name='strength_mg_per_unit',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='medicine',
            name='carbohydrate_checked_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='medicine',
            name='strength_mg_per_unit',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True),
        ),
        migrations.AddConstraint(
            model_name='medicine',
            constraint=models.CheckConstraint(condition=models.Q(('strength_mg_per_unit__isnull', True), ('strength_mg_per_unit__gt', 0), _connector='OR'), name='medicine_strength_possible', violation_error_message='A strength is more than zero.'),
        ),
    ]
