from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diet', '0004_diet_and_kitchen'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalplannedmeal',
            name='day_share',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='historicalrecipe',
            name='keeps_h',
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='may be used for'),
        ),
        migrations.AddField(
            model_name='historicalrecipe',
            name='made_at',
            field=models.TimeField(blank=True, null=True, verbose_name='made at'),
        ),
        migrations.AddField(
            model_name='plannedmeal',
            name='day_share',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='recipe',
            name='keeps_h',
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='may be used for'),
        ),
        migrations.AddField(
            model_name='recipe',
            name='made_at',
            field=models.TimeField(blank=True, null=True, verbose_name='made at'),
        ),
    ]
