from django.apps import AppConfig


class QuickConfig(AppConfig):
    name = "quietdays.quick"
    label = "quick"
    default_auto_field = "django.db.models.BigAutoField"
