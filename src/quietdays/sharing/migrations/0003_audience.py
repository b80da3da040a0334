
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sharing', '0002_shared_file'),
    ]

    operations = [
        migrations.AddField(
            model_name='sharedlink',
            name='audience',
            field=models.CharField(choices=[('neurologist', 'a neurologist: everything'), ('dietitian', 'a dietitian: the diet first'), ('practitioner', 'a general practitioner: a page'), ('nursery', 'a nursery: what to know during the day'), ('emergency', 'an emergency department')], default='neurologist', max_length=12),
        ),
    ]
