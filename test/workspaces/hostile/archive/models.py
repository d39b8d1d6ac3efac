from django.db import models


class Folder(models.Model):
    """This file begins with a byte order mark."""

    name = models.CharField(max_length=40)
