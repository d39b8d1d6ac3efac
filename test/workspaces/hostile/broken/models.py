from django.db import models


class Before(models.Model):
    name = models.CharField(max_length=10)


class Broken(models.Model:
    name = models.CharField(max_length=10
    other = models.ForeignKey(Before on_delete=models.CASCADE)


class After(models.Model):
    name = models.CharField(max_length=10)
