
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_access_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignInTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_hash', models.CharField(max_length=64)),
                ('address_hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
            ],
        ),
    ]
