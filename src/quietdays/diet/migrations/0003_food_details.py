import django.db.models.deletion
import django.utils.timezone
import quietdays.records.ids
from django.conf import settings
from django.db import migrations, models

from quietdays.records.triggers import refuse_updates


class Migration(migrations.Migration):

    dependencies = [
        ('diet', '0002_written_once'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FavouriteFood',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='FoodMeasure',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=7)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='LabelCheck',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('checked_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name='foodcomposition',
            name='carbohydrate_definition',
            field=models.CharField(choices=[('label', 'as a label states it'), ('by_difference', 'what is left of 100 g, fibre included'), ('available', 'sugars and starch, without fibre'), ('monosaccharides', 'sugars and starch as single sugars, without fibre')], default='label', max_length=16),
        ),
        migrations.AddField(
            model_name='foodcomposition',
            name='volume_ml_per_g',
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=5, null=True, verbose_name='mL in a feed for each gram'),
        ),
        migrations.AddConstraint(
            model_name='foodcomposition',
            constraint=models.CheckConstraint(condition=models.Q(('volume_ml_per_g__isnull', True), models.Q(('volume_ml_per_g__gte', 0), ('volume_ml_per_g__lte', 2)), _connector='OR'), name='composition_volume_possible', violation_error_message='A gram fills 0 to 2 mL.'),
        ),
        migrations.AddField(
            model_name='favouritefood',
            name='family',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.family'),
        ),
        migrations.AddField(
            model_name='favouritefood',
            name='food',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favourites', to='diet.food'),
        ),
        migrations.AddField(
            model_name='foodmeasure',
            name='food',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='diet.food'),
        ),
        migrations.AddField(
            model_name='labelcheck',
            name='checked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='labelcheck',
            name='composition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='label_checks', to='diet.foodcomposition'),
        ),
        migrations.AddField(
            model_name='labelcheck',
            name='family',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.family'),
        ),
        migrations.AddConstraint(
            model_name='favouritefood',
            constraint=models.UniqueConstraint(fields=('family', 'food'), name='favourite_once'),
        ),
        migrations.AddConstraint(
            model_name='foodmeasure',
            constraint=models.UniqueConstraint(fields=('food', 'name'), name='measure_one_per_name'),
        ),
        migrations.AddConstraint(
            model_name='foodmeasure',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='measure_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='labelcheck',
            constraint=models.UniqueConstraint(fields=('family', 'composition'), name='label_check_one_per_family'),
        ),
        # The table was made anew for its columns, and its trigger went with the old one.
        refuse_updates('diet_foodcomposition'),
    ]
