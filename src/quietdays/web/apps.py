from django.apps import AppConfig
from django.utils.translation import gettext, ngettext

from quietdays import words
from quietdays.science import language


class WebConfig(AppConfig):
    name = "quietdays.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        language.speak_through(gettext, ngettext, words.decimal_mark)
