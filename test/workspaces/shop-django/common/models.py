"""Abstract models shared by the apps. Nothing here has a table of its own."""

import uuid

from django.db import models
from django.utils import timezone


class TimeStampedModel(models.Model):
    """Remembers when a row was written first and last."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        get_latest_by = "created_at"


class UUIDModel(models.Model):
    """A key that may be shown to customers without telling how many rows there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class SoftDeleteQuerySet(models.QuerySet):
    def alive(self):
        return self.filter(deleted_at__isnull=True)

    def delete(self):
        return self.update(deleted_at=timezone.now())


class SoftDeleteMixin(models.Model):
    """Rows that other tables still point to are hidden, not removed."""

    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def delete(self, using=None, keep_parents=False):
        self.deleted_at = timezone.now()
        self.save(using=using, update_fields=["deleted_at"])
