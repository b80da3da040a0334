import django.db.models.deletion
import django.utils.timezone
import quietdays.records.ids
import simple_history.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from quietdays.records.triggers import refuse_updates


class Migration(migrations.Migration):

    dependencies = [
        ('diet', '0003_food_details'),
        ('people', '0002_kitchen_scale'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['read_at'],
            },
        ),
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('list', models.CharField(choices=[('contraindications', 'Before the diet starts'), ('monitoring', 'Monitoring')], max_length=20)),
                ('heading', models.CharField(max_length=80)),
                ('text', models.CharField(max_length=300)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='planned for')),
                ('ticked_at', models.DateTimeField(blank=True, null=True)),
                ('remark', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ['list', 'position'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HistoricalChecklistItem',
            fields=[
                ('id', models.UUIDField(db_index=True, default=quietdays.records.ids.new_id, editable=False)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('list', models.CharField(choices=[('contraindications', 'Before the diet starts'), ('monitoring', 'Monitoring')], max_length=20)),
                ('heading', models.CharField(max_length=80)),
                ('text', models.CharField(max_length=300)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='planned for')),
                ('ticked_at', models.DateTimeField(blank=True, null=True)),
                ('remark', models.CharField(blank=True, max_length=500)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical checklist item',
                'verbose_name_plural': 'historical checklist items',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRecipe',
            fields=[
                ('id', models.UUIDField(db_index=True, default=quietdays.records.ids.new_id, editable=False)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('kind', models.CharField(choices=[('meal', 'meal'), ('feed', 'feed mixed to a volume')], default='meal', max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('servings', models.PositiveSmallIntegerField(default=1)),
                ('volume_ml', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True)),
                ('instructions', models.TextField(blank=True, max_length=4000, verbose_name='how it is made')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes to make')),
                ('main_food', models.CharField(blank=True, max_length=40, verbose_name='main food, for variety')),
                ('liking', models.PositiveSmallIntegerField(default=3)),
                ('suits', models.JSONField(blank=True, default=list)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical recipe',
                'verbose_name_plural': 'historical recipes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRecipeItem',
            fields=[
                ('id', models.UUIDField(db_index=True, default=quietdays.records.ids.new_id, editable=False)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=7)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical recipe item',
                'verbose_name_plural': 'historical recipe items',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Recipe',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('kind', models.CharField(choices=[('meal', 'meal'), ('feed', 'feed mixed to a volume')], default='meal', max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('servings', models.PositiveSmallIntegerField(default=1)),
                ('volume_ml', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True)),
                ('instructions', models.TextField(blank=True, max_length=4000, verbose_name='how it is made')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes to make')),
                ('main_food', models.CharField(blank=True, max_length=40, verbose_name='main food, for variety')),
                ('liking', models.PositiveSmallIntegerField(default=3)),
                ('suits', models.JSONField(blank=True, default=list)),
            ],
            options={
                'ordering': ['name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RecipeItem',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=7)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position'],
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='planneditem',
            name='planned_item_amount_possible',
        ),
        migrations.RemoveConstraint(
            model_name='prescription',
            name='prescription_ratio_possible',
        ),
        migrations.RemoveConstraint(
            model_name='prescription',
            name='prescription_energy_possible',
        ),
        migrations.RemoveConstraint(
            model_name='prescription',
            name='prescription_protein_possible',
        ),
        migrations.RemoveConstraint(
            model_name='prescription',
            name='prescription_meals_possible',
        ),
        migrations.RemoveConstraint(
            model_name='prescription',
            name='prescription_tolerances_possible',
        ),
        migrations.AddField(
            model_name='eatenitem',
            name='is_estimated',
            field=models.BooleanField(default=False, verbose_name='amount estimated'),
        ),
        migrations.AddField(
            model_name='eatenitem',
            name='was_off_plan',
            field=models.BooleanField(default=False, verbose_name="added to the plan's foods"),
        ),
        migrations.AddField(
            model_name='historicaleatenitem',
            name='is_estimated',
            field=models.BooleanField(default=False, verbose_name='amount estimated'),
        ),
        migrations.AddField(
            model_name='historicaleatenitem',
            name='was_off_plan',
            field=models.BooleanField(default=False, verbose_name="added to the plan's foods"),
        ),
        migrations.AddField(
            model_name='historicalmealeaten',
            name='breast_minutes',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes at the breast'),
        ),
        migrations.AddField(
            model_name='historicalmealeaten',
            name='delivered_ml',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name='historicalmealeaten',
            name='offered_ml',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name='historicalmealeaten',
            name='reasons',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='historicalplannedmeal',
            name='is_snack',
            field=models.BooleanField(default=False, verbose_name='snack'),
        ),
        migrations.AddField(
            model_name='historicalplannedmeal',
            name='slot',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='historicalplannedmeal',
            name='volume_ml',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name='mealeaten',
            name='breast_minutes',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes at the breast'),
        ),
        migrations.AddField(
            model_name='mealeaten',
            name='delivered_ml',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name='mealeaten',
            name='offered_ml',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name='mealeaten',
            name='reasons',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='plannedmeal',
            name='is_snack',
            field=models.BooleanField(default=False, verbose_name='snack'),
        ),
        migrations.AddField(
            model_name='plannedmeal',
            name='slot',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='plannedmeal',
            name='volume_ml',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name='prescription',
            name='carbohydrate_percent',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='prescription',
            name='diet_kind',
            field=models.CharField(choices=[('classical', 'classical ketogenic diet, by ratio'), ('mad', 'modified Atkins diet, by a carbohydrate limit'), ('mct', 'MCT diet, by shares of the energy')], default='classical', max_length=10),
        ),
        migrations.AddField(
            model_name='prescription',
            name='first_step',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='later_steps', to='diet.prescription'),
        ),
        migrations.AddField(
            model_name='prescription',
            name='leftover_rule',
            field=models.TextField(blank=True, max_length=1000, verbose_name='what to do with a rest'),
        ),
        migrations.AddField(
            model_name='prescription',
            name='mct_kcal_per_g',
            field=models.DecimalField(decimal_places=1, default=Decimal('8.3'), max_digits=3),
        ),
        migrations.AddField(
            model_name='prescription',
            name='mct_percent',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='prescription',
            name='meal_slots',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='prescription',
            name='protein_percent',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='prescription',
            name='route',
            field=models.CharField(choices=[('oral', 'by mouth'), ('bottle', 'by bottle'), ('tube', 'by tube'), ('mixed', 'by mouth and tube')], default='oral', max_length=8),
        ),
        migrations.AddField(
            model_name='prescription',
            name='snack_energy_kcal',
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='energy of a snack'),
        ),
        migrations.AddField(
            model_name='prescription',
            name='snack_ratio',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True, verbose_name='ratio of a snack'),
        ),
        migrations.AddField(
            model_name='prescription',
            name='snacks_per_day',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='snacks a day'),
        ),
        migrations.AddField(
            model_name='prescription',
            name='weight_basis',
            field=models.CharField(choices=[('actual', 'measured weight'), ('ideal', 'ideal weight for length')], default='actual', max_length=6),
        ),
        migrations.AddField(
            model_name='prescription',
            name='weight_kg',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='weight counted with'),
        ),
        migrations.AlterField(
            model_name='prescription',
            name='energy_kcal',
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True, verbose_name='energy'),
        ),
        migrations.AlterField(
            model_name='prescription',
            name='protein_g',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='protein'),
        ),
        migrations.AlterField(
            model_name='prescription',
            name='ratio',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True),
        ),
        migrations.AlterField(
            model_name='prescription',
            name='ratio_over_percent',
            field=models.DecimalField(blank=True, decimal_places=2, default=Decimal('15'), max_digits=5, null=True),
        ),
        migrations.AddConstraint(
            model_name='mealeaten',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('delivered_ml__isnull', True), ('offered_ml__isnull', True)), models.Q(('delivered_ml__gte', 0), ('delivered_ml__lte', models.F('offered_ml')), ('offered_ml__gt', 0)), _connector='OR'), name='meal_eaten_delivered_within_offered', violation_error_message='More went in than there was.'),
        ),
        migrations.AddConstraint(
            model_name='mealeaten',
            constraint=models.CheckConstraint(condition=models.Q(('breast_minutes__isnull', True), models.Q(('breast_minutes__gte', 1), ('breast_minutes__lte', 240)), _connector='OR'), name='meal_eaten_breast_minutes_possible', violation_error_message='A breastfeed takes 1 to 240 minutes.'),
        ),
        migrations.AddConstraint(
            model_name='planneditem',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', 5000)), name='planneditem_amount_possible', violation_error_message='An amount lies above 0 and up to 5,000.'),
        ),
        migrations.AddConstraint(
            model_name='prescription',
            constraint=models.CheckConstraint(condition=models.Q(('ratio__isnull', True), models.Q(('ratio__gte', Decimal('0.5')), ('ratio__lte', Decimal('8'))), _connector='OR'), name='prescription_ratio_possible', violation_error_message='The ratio lies between 0.5 and 8 to 1.'),
        ),
        migrations.AddConstraint(
            model_name='prescription',
            constraint=models.CheckConstraint(condition=models.Q(('energy_kcal__isnull', True), models.Q(('energy_kcal__gte', 100), ('energy_kcal__lte', 4000)), _connector='OR'), name='prescription_energy_possible', violation_error_message='The energy lies between 100 and 4,000 kcal a day.'),
        ),
        migrations.AddConstraint(
            model_name='prescription',
            constraint=models.CheckConstraint(condition=models.Q(('protein_g__isnull', True), models.Q(('protein_g__gt', 0), ('protein_g__lte', 200)), _connector='OR'), name='prescription_protein_possible', violation_error_message='Protein lies between 0 and 200 g a day.'),
        ),
        migrations.AddConstraint(
            model_name='prescription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('diet_kind', 'classical'), ('energy_kcal__isnull', False), ('protein_g__isnull', False), ('ratio__isnull', False)), models.Q(('carbohydrate_limit_g__isnull', False), ('diet_kind', 'mad'), ('ratio__isnull', True)), models.Q(('carbohydrate_percent__isnull', False), ('diet_kind', 'mct'), ('energy_kcal__isnull', False), ('mct_percent__isnull', False), ('protein_percent__isnull', False), ('ratio__isnull', True)), _connector='OR'), name='prescription_has_its_numbers', violation_error_message='This kind of diet needs other numbers.'),
        ),
        migrations.AddConstraint(
            model_name='prescription',
            constraint=models.CheckConstraint(condition=models.Q(('meals_per_day__gte', 1), ('meals_per_day__lte', 24), ('snacks_per_day__lte', 12)), name='prescription_meals_possible', violation_error_message='There are 1 to 24 meals and feeds, up to 12 snacks a day.'),
        ),
        migrations.AddConstraint(
            model_name='prescription',
            constraint=models.CheckConstraint(condition=models.Q(('snacks_per_day', 0), models.Q(('snack_energy_kcal__gt', 0), ('snack_energy_kcal__isnull', False)), _connector='OR'), name='prescription_snack_has_energy', violation_error_message='Say how much energy a snack holds.'),
        ),
        migrations.AddConstraint(
            model_name='prescription',
            constraint=models.CheckConstraint(condition=models.Q(('snack_ratio__isnull', True), models.Q(('snack_ratio__gte', Decimal('0.5')), ('snack_ratio__lte', Decimal('8'))), _connector='OR'), name='prescription_snack_ratio_possible', violation_error_message='The ratio of a snack lies between 0.5 and 8 to 1.'),
        ),
        migrations.AddConstraint(
            model_name='prescription',
            constraint=models.CheckConstraint(condition=models.Q(('weight_kg__isnull', True), models.Q(('weight_kg__gte', 1), ('weight_kg__lte', 150)), _connector='OR'), name='prescription_weight_possible', violation_error_message='The weight lies between 1 and 150 kg.'),
        ),
        migrations.AddConstraint(
            model_name='prescription',
            constraint=models.CheckConstraint(condition=models.Q(('mct_kcal_per_g__gte', 7), ('mct_kcal_per_g__lte', 9)), name='prescription_mct_energy_possible', violation_error_message='A gram of MCT is counted with 7 to 9 kcal.'),
        ),
        migrations.AddConstraint(
            model_name='prescription',
            constraint=models.CheckConstraint(condition=models.Q(('carbohydrate_over_g__gte', 0), ('carbohydrate_over_percent__gte', 0), ('energy_over_percent__gte', 0), ('energy_under_percent__gte', 0), ('energy_under_percent__lte', 100), ('ratio_under_percent__gte', 0), ('ratio_under_percent__lte', 100), models.Q(('ratio_over_percent__isnull', True), ('ratio_over_percent__gte', 0), _connector='OR')), name='prescription_tolerances_possible', violation_error_message='A tolerance lies between 0 and 100 per cent.'),
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='prescription',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acknowledgements', to='diet.prescription'),
        ),
        migrations.AddField(
            model_name='checklistitem',
            name='child',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.child'),
        ),
        migrations.AddField(
            model_name='checklistitem',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='checklistitem',
            name='ticked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalchecklistitem',
            name='child',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.child'),
        ),
        migrations.AddField(
            model_name='historicalchecklistitem',
            name='entered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalchecklistitem',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalchecklistitem',
            name='ticked_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalrecipe',
            name='child',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.child'),
        ),
        migrations.AddField(
            model_name='historicalrecipe',
            name='entered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalrecipe',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalrecipeitem',
            name='composition',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='diet.foodcomposition'),
        ),
        migrations.AddField(
            model_name='historicalrecipeitem',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='RecipePhoto',
            fields=[
                ('recipe', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='photo', serialize=False, to='diet.recipe')),
                ('jpeg', models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name='recipe',
            name='child',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.child'),
        ),
        migrations.AddField(
            model_name='recipe',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalrecipeitem',
            name='recipe',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='diet.recipe'),
        ),
        migrations.AddField(
            model_name='historicalplannedmeal',
            name='recipe',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='diet.recipe'),
        ),
        migrations.AddField(
            model_name='plannedmeal',
            name='recipe',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='plans', to='diet.recipe'),
        ),
        migrations.AddConstraint(
            model_name='plannedmeal',
            constraint=models.CheckConstraint(condition=models.Q(('volume_ml__isnull', True), models.Q(('volume_ml__gt', 0), ('volume_ml__lte', 5000)), _connector='OR'), name='planned_meal_volume_possible', violation_error_message='A volume lies above 0 and up to 5,000 mL.'),
        ),
        migrations.AddField(
            model_name='recipeitem',
            name='composition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='diet.foodcomposition'),
        ),
        migrations.AddField(
            model_name='recipeitem',
            name='recipe',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='diet.recipe'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.UniqueConstraint(fields=('prescription', 'person'), name='acknowledged_once'),
        ),
        migrations.AddConstraint(
            model_name='checklistitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ticked_at__isnull', True), ('ticked_by__isnull', True)), models.Q(('ticked_at__isnull', False), ('ticked_by__isnull', False)), _connector='OR'), name='checklist_tick_has_a_name', violation_error_message='A tick has a name and a time.'),
        ),
        migrations.AddConstraint(
            model_name='recipe',
            constraint=models.CheckConstraint(condition=models.Q(('liking__lte', 5), ('servings__gte', 1), ('servings__lte', 60)), name='recipe_numbers_possible', violation_error_message='There are 1 to 60 servings, and a liking from 0 to 5.'),
        ),
        migrations.AddConstraint(
            model_name='recipe',
            constraint=models.CheckConstraint(condition=models.Q(('volume_ml__isnull', True), models.Q(('volume_ml__gt', 0), ('volume_ml__lte', 5000)), _connector='OR'), name='recipe_volume_possible', violation_error_message='A volume lies above 0 and up to 5,000 mL.'),
        ),
        migrations.AddConstraint(
            model_name='recipeitem',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', 5000)), name='recipeitem_amount_possible', violation_error_message='An amount lies above 0 and up to 5,000.'),
        ),
        # The table was made anew for its columns, and its trigger went with the old one.
        refuse_updates('diet_prescription'),
    ]
