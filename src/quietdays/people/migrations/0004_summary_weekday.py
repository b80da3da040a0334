
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_night'),
    ]

    operations = [
        migrations.AddField(
            model_name='child',
            name='summary_weekday',
            field=models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], default=0),
        ),
        migrations.AddField(
            model_name='historicalchild',
            name='summary_weekday',
            field=models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], default=0),
        ),
        migrations.AddConstraint(
            model_name='child',
            constraint=models.CheckConstraint(condition=models.Q(('summary_weekday__lte', 6)), name='child_summary_weekday', violation_error_message='A week has seven days.'),
        ),
    ]
