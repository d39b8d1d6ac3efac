from django.test import TestCase

from accounts.models import Address, LoyaltyAccount, User
from accounts.services import award_points, make_default_address


class LoyaltyTests(TestCase):
    def setUp(self):
        self.user = User.objects.create_user(email="sari@example.test", password="a long secret")

    def test_points_add_up(self):
        award_points(self.user.pk, 40)
        award_points(self.user.pk, 2)
        self.assertEqual(LoyaltyAccount.objects.get(user=self.user).points, 42)

    def test_tier_rises_at_the_limit(self):
        award_points(self.user.pk, 1_000)
        account = LoyaltyAccount.objects.get(user=self.user)
        self.assertEqual(account.tier, LoyaltyAccount.Tier.COLLECTOR)


class AddressTests(TestCase):
    def test_only_one_address_is_the_default(self):
        user = User.objects.create_user(email="budi@example.test", password="a long secret")
        first, second = (
            Address.objects.create(
                user=user,
                label=label,
                recipient_name="Budi",
                phone="+62 811 000 0000",
                street_address="Jl. Kenari 4",
                city="Bandung",
                province="Jawa Barat",
                postal_code="40111",
            )
            for label in ["Home", "Office"]
        )
        make_default_address(user, first.pk)
        make_default_address(user, second.pk)
        self.assertEqual(list(user.addresses.filter(is_default=True)), [second])
