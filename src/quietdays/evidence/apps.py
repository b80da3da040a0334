from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "quietdays.evidence"
    label = "evidence"

    def ready(self) -> None:
        """A server with a wrong card does not start."""
        from quietdays.evidence.library import library

        library()
