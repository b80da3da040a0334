from django.apps import AppConfig


class DietConfig(AppConfig):
    name = "quietdays.diet"
    label = "diet"
    default_auto_field = "django.db.models.BigAutoField"
