from django.db import models


class Café(models.Model):
    """Une tâche archivée. The bytes of this file are ISO 8859-1, and nothing says so."""

    résumé = models.TextField(default="déjà vu")
    name = models.CharField(max_length=40)
