from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_kitchen_scale'),
    ]

    operations = [
        migrations.AlterField(
            model_name='person',
            name='theme',
            field=models.CharField(choices=[('auto', 'Dark from sunset to sunrise'), ('light', 'Always light'), ('dark', 'Always dark')], default='auto', max_length=8),
        ),
    ]
