from django.contrib import admin

from reviews.models import ModerationNote, Review


@admin.action(description="Publish the selected reviews")
def publish(modeladmin, request, queryset):
    queryset.update(status=Review.Status.PUBLISHED)


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    list_display = ["title", "product", "rating", "status", "created_at"]
    list_filter = ["status", "rating"]
    actions = [publish]


admin.site.register(ModerationNote)
