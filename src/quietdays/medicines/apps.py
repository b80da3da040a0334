from django.apps import AppConfig


class MedicinesConfig(AppConfig):
    name = "quietdays.medicines"
    label = "medicines"
    default_auto_field = "django.db.models.BigAutoField"
