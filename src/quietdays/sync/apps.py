from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "quietdays.sync"
    label = "sync"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quietdays.sync import feed

        feed.listen()
