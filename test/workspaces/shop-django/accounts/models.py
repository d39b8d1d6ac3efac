from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.managers import StaffManager, UserManager
from common.models import TimeStampedModel

phone_number = RegexValidator(r"^\+?[0-9 -]{8,20}$", _("Enter a phone number."))


class User(AbstractUser):
    """A customer or a member of staff."""

    class Language(models.TextChoices):
        INDONESIAN = "id", _("Indonesian")
        ENGLISH = "en", _("English")
        JAVANESE = "jv", _("Javanese")

    email = models.EmailField(_("e-mail address"), unique=True)
    phone = models.CharField(max_length=20, blank=True, validators=[phone_number])
    date_of_birth = models.DateField(null=True, blank=True, help_text=_("For birthday vouchers."))
    preferred_language = models.CharField(
        max_length=2, choices=Language.choices, default=Language.INDONESIAN
    )
    marketing_opt_in = models.BooleanField(default=False)
    referred_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="referrals",
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["username"]

    def __str__(self):
        return self.get_full_name() or self.email


class StaffMember(User):
    """The same rows as User, seen by the back office."""

    objects = StaffManager()

    class Meta:
        proxy = True
        ordering = ["last_name", "first_name"]
        verbose_name = _("staff member")


class Address(TimeStampedModel):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses"
    )
    label = models.CharField(max_length=40, default="Home")
    recipient_name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, validators=[phone_number])
    street_address = models.TextField()
    city = models.CharField(max_length=80)
    province = models.CharField(max_length=80)
    postal_code = models.CharField(max_length=10)
    country = models.CharField(max_length=2, default="ID", help_text=_("ISO 3166-1 alpha-2."))
    is_default = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = _("addresses")
        indexes = [
            models.Index(fields=["country", "postal_code"], name="address_country_postal_idx"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(is_default=True),
                name="one_default_address_per_user",
            ),
        ]

    def __str__(self):
        return f"{self.label}: {self.street_address}, {self.city}"


class LoyaltyAccount(TimeStampedModel):
    class Tier(models.TextChoices):
        READER = "reader", _("Reader")
        COLLECTOR = "collector", _("Collector")
        PATRON = "patron", _("Patron")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="loyalty",
    )
    tier = models.CharField(max_length=10, choices=Tier.choices, default=Tier.READER)
    points = models.IntegerField(default=0)
    last_earned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=0), name="loyalty_points_not_negative"),
        ]

    def __str__(self):
        return f"{self.user_id}: {self.points} points"
