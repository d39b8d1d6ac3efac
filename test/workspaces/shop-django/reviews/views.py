from rest_framework import generics, permissions, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from reviews.models import ModerationNote, Review
from reviews.permissions import IsAuthorOrReadOnly, IsModerator
from reviews.serializers import ModerationNoteSerializer, ReviewSerializer, VoteSerializer
from reviews.services import link_purchase, rating_summary, vote, waiting_with_last_note


class ReviewViewSet(viewsets.ModelViewSet):
    queryset = Review.objects.filter(deleted_at__isnull=True).select_related("author")
    serializer_class = ReviewSerializer
    permission_classes = [IsAuthorOrReadOnly]

    def get_permissions(self):
        if self.action == "publish":
            return [permissions.IsAuthenticated(), IsModerator()]
        return super().get_permissions()

    def perform_create(self, serializer):
        link_purchase(serializer.save(author=self.request.user))

    @action(methods=["post"], detail=True)
    def publish(self, request, pk=None):
        Review.objects.filter(pk=pk).update(status=Review.Status.PUBLISHED)
        return Response(status=204)

    @action(
        methods=["post"],
        detail=True,
        serializer_class=VoteSerializer,
        permission_classes=[permissions.IsAuthenticated],
    )
    def vote(self, request, pk=None):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        count = vote(self.get_object(), request.user, serializer.validated_data["helpful"])
        return Response({"helpful_count": count})

    @action(detail=False, url_path=r"summary/(?P<product_id>[0-9a-f-]{36})")
    def summary(self, request, product_id=None):
        return Response(rating_summary(product_id))


class ModerationQueueView(generics.ListAPIView):
    serializer_class = ReviewSerializer
    permission_classes = [IsModerator]

    def get_queryset(self):
        return waiting_with_last_note()


class ModerationNotesView(generics.ListCreateAPIView):
    serializer_class = ModerationNoteSerializer
    permission_classes = [IsModerator]

    def get_queryset(self):
        return ModerationNote.objects.filter(review_id=self.kwargs["review_id"])

    def perform_create(self, serializer):
        serializer.save(review_id=self.kwargs["review_id"], moderator_id=self.request.user.pk)
