from django.urls import include, path

urlpatterns = [
    path("inventory/", include("inventory.urls")),
    path("broken/", include("broken.urls")),
    path("nowhere/", include("nowhere.urls")),
]
