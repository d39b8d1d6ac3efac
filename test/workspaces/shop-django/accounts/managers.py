from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models


class UserManager(DjangoUserManager):
    """People log in with their e-mail address; the username is derived from it."""

    def create_user(self, username=None, email=None, password=None, **extra_fields):
        if not email:
            raise ValueError("A customer needs an e-mail address.")
        return super().create_user(username or email, email, password, **extra_fields)

    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class StaffManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(is_staff=True, is_active=True)
