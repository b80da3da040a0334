import django.db.models.deletion
import django.utils.timezone
import quietdays.records.ids
import quietdays.reminders.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0004_summary_weekday'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('push', 'this app on a phone'), ('email', 'e-mail'), ('service', 'another service')], max_length=8)),
                ('name', models.CharField(max_length=60)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('address', models.CharField(max_length=1000)),
                ('keys', models.JSONField(blank=True, default=dict)),
                ('device', models.UUIDField(blank=True, null=True)),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('proved_at', models.DateTimeField(blank=True, null=True)),
                ('trouble', models.CharField(blank=True, max_length=300)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='channels', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position', 'since'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('step', models.CharField(choices=[('first', 'at its time'), ('next', 'nobody had answered'), ('again', 'put off'), ('closed', 'seen to meanwhile'), ('proof', 'self-test')], max_length=8)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('receipt', models.CharField(default=quietdays.reminders.models.receipt, max_length=40, unique=True)),
                ('due_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'waits'), ('sent', 'sent'), ('needless', 'not needed any more'), ('lost', 'reached nobody')], default='waiting', max_length=8)),
                ('why', models.CharField(blank=True, max_length=120)),
                ('rounds', models.PositiveSmallIntegerField(default=0)),
                ('tried', models.JSONField(blank=True, default=list)),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('only', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tests', to='reminders.channel')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ['due_at'],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('is_taken', models.BooleanField()),
                ('answer', models.CharField(max_length=300)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='reminders.channel')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='reminders.delivery')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('medicine', 'medicines'), ('meal', 'feeds and meals'), ('week', 'the weekly summary')], max_length=8)),
                ('subject_id', models.UUIDField()),
                ('due_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('words', models.CharField(max_length=300)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_words', models.CharField(blank=True, max_length=300)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('child', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='people.child')),
            ],
            options={
                'ordering': ['-due_at'],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('seen', 'is on it'), ('snoozed', 'put it off'), ('told_next', 'was told too')], max_length=10)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reminder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='reminders.reminder')),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='reminder',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='reminders.reminder'),
        ),
        migrations.CreateModel(
            name='Rules',
            fields=[
                ('child', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reminder_rules', serialize=False, to='people.child')),
                ('escalate_min', models.PositiveSmallIntegerField(default=20, verbose_name='nobody answered for so many minutes: tell the next carer')),
                ('proof_max_age_h', models.PositiveSmallIntegerField(default=36, verbose_name='warn when a phone has not proved for so many hours that reminders arrive')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('escalate_min__gte', 5), ('escalate_min__lte', 110)), name='rules_escalate_possible', violation_error_message='Choose 5 to 110 minutes.'), models.CheckConstraint(condition=models.Q(('proof_max_age_h__gte', 25), ('proof_max_age_h__lte', 168)), name='rules_proof_possible', violation_error_message='A phone is tested once a day: choose 25 to 168 hours.')],
            },
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('order', models.PositiveSmallIntegerField(choices=[(0, 'not at all'), (1, 'first'), (2, 'when the first carer does not answer')], default=1)),
                ('kinds', models.JSONField(default=quietdays.reminders.models.every_kind)),
                ('shows_details', models.BooleanField(default=False)),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
                ('snooze_min', models.JSONField(default=quietdays.reminders.models.snooze_choices)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='people.child')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.UUIDField(default=quietdays.records.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('shows_details', models.BooleanField(default=False)),
                ('alarm_min', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('fetched_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to='people.child')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['made_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('alarm_min__lte', 120)), name='feed_alarm_possible', violation_error_message='At most two hours before.')],
            },
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.UniqueConstraint(condition=models.Q(('device__isnull', False), ('ended_at__isnull', True)), fields=('person', 'device'), name='channel_one_per_device'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('person', 'kind', 'address'), name='channel_one_per_address', violation_error_message='You have this channel already.'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='channel_quiet_has_both_ends', violation_error_message='Quiet hours need a beginning and an end.'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(fields=['child', 'due_at'], name='reminder_of_child'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(condition=models.Q(('settled_at__isnull', True), ('withdrawn_at__isnull', True)), fields=['until'], name='reminder_open'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('child', 'key'), name='reminder_once'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('due_at'))), name='reminder_lasts_a_while'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('until__isnull', False), ('what', 'snoozed')), models.Q(models.Q(('what', 'snoozed'), _negated=True), ('until__isnull', True)), _connector='OR'), name='event_snoozed_has_until'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='delivery_waiting'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('only__isnull', False), ('step', 'proof')), models.Q(models.Q(('step', 'proof'), _negated=True), ('reminder__isnull', False)), _connector='OR'), name='delivery_is_of_something'),
        ),
        migrations.AddConstraint(
            model_name='turn',
            constraint=models.UniqueConstraint(fields=('child', 'person'), name='turn_one_per_person'),
        ),
        migrations.AddConstraint(
            model_name='turn',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='turn_quiet_has_both_ends', violation_error_message='Quiet hours need a beginning and an end.'),
        ),
    ]
