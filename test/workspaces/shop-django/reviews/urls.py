from django.urls import path
from rest_framework.routers import DefaultRouter

from reviews import views

router = DefaultRouter()
router.register("reviews", views.ReviewViewSet)

urlpatterns = [
    path("moderation/", views.ModerationQueueView.as_view(), name="moderation-queue"),
    path(
        "moderation/<int:review_id>/notes/",
        views.ModerationNotesView.as_view(),
        name="moderation-notes",
    ),
]
urlpatterns += router.urls
