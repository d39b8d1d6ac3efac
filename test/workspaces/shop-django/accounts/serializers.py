from rest_framework import serializers

from accounts.models import Address, LoyaltyAccount, User


class RegistrationSerializer(serializers.ModelSerializer):
    password = serializers.CharField(write_only=True, min_length=10)

    class Meta:
        model = User
        fields = ["id", "email", "password", "first_name", "last_name", "phone"]

    def create(self, validated_data):
        return User.objects.create_user(**validated_data)


class LoyaltySerializer(serializers.ModelSerializer):
    class Meta:
        model = LoyaltyAccount
        fields = ["tier", "points", "last_earned_at"]


class ProfileSerializer(serializers.ModelSerializer):
    loyalty = LoyaltySerializer(read_only=True)

    class Meta:
        model = User
        fields = [
            "id",
            "email",
            "first_name",
            "last_name",
            "phone",
            "date_of_birth",
            "preferred_language",
            "marketing_opt_in",
            "loyalty",
        ]
        read_only_fields = ["email"]


class AddressSerializer(serializers.ModelSerializer):
    class Meta:
        model = Address
        exclude = ["user"]


class StaffUserSerializer(serializers.ModelSerializer):
    order_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = User
        fields = "__all__"
