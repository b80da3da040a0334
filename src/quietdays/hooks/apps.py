from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "quietdays.hooks"
    label = "hooks"
    default_auto_field = "django.db.models.BigAutoField"
