
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sharing', '0001_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='SharedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('jwe', models.TextField()),
                ('link', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='file', to='sharing.sharedlink')),
            ],
        ),
    ]
