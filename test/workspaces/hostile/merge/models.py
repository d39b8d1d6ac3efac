from django.db import models


class Shelf(models.Model):
    name = models.CharField(max_length=40)
<<<<<<< HEAD
    room = models.CharField(max_length=40)
=======
    floor = models.IntegerField(default=0)
>>>>>>> feature/floors


class Box(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE)
