from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='family',
            name='scale_step_g',
            field=models.DecimalField(decimal_places=1, default=Decimal('0.1'), max_digits=3, verbose_name='the kitchen scale shows'),
        ),
        migrations.AddConstraint(
            model_name='family',
            constraint=models.CheckConstraint(condition=models.Q(('scale_step_g__gte', Decimal('0.1')), ('scale_step_g__lte', 5)), name='family_scale_possible', violation_error_message='A scale shows steps of 0.1 to 5 g.'),
        ),
    ]
