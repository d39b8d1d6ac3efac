"""All routes of the shop. The API lives under /api/, what other systems call under /webhooks/."""

from django.contrib import admin
from django.urls import include, path, re_path

from config import views

api_urlpatterns = [
    path("accounts/", include("accounts.urls")),
    path("catalog/", include(("catalog.urls", "catalog"), namespace="catalog")),
    path("", include("orders.urls")),
    path("payments/", include("payments.urls")),
    path("", include("reviews.urls")),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz/", views.healthz, name="healthz"),
    path("staff/dashboard/", views.dashboard, name="dashboard"),
    path("api/", include(api_urlpatterns)),
    path("webhooks/", include("payments.webhook_urls")),
    # Printed on the backs of old catalogues; must keep working.
    re_path(r"^isbn/(?P<isbn>[0-9]{13})/$", views.legacy_isbn, name="legacy-isbn"),
]
