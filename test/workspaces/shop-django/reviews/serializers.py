from rest_framework import serializers

from reviews.models import ModerationNote, Review


class ReviewSerializer(serializers.ModelSerializer):
    author_name = serializers.CharField(source="author.first_name", read_only=True)
    verified = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = [
            "id",
            "product",
            "author_name",
            "rating",
            "title",
            "body",
            "status",
            "helpful_count",
            "verified",
            "created_at",
        ]
        read_only_fields = ["status", "helpful_count"]

    def get_verified(self, review):
        return review.order_item_id is not None

    def validate_rating(self, rating):
        if not 1 <= rating <= 5:
            raise serializers.ValidationError("A rating is between 1 and 5.")
        return rating


class VoteSerializer(serializers.Serializer):
    helpful = serializers.BooleanField()


class ModerationNoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = ModerationNote
        fields = ["id", "text", "reply_to", "created_at"]
