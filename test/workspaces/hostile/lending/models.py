from django.db import models


class Item(models.Model):
    """A thing that was lent. Every line of this file ends in CR LF."""

    title = models.CharField(max_length=80)
    thing = models.ForeignKey("inventory.Item", on_delete=models.CASCADE, related_name="loans")
    borrower_phone = models.CharField(max_length=20)


class Loan(models.Model):
    item = models.ForeignKey("Item", on_delete=models.PROTECT)
    lent_on = models.DateField()
