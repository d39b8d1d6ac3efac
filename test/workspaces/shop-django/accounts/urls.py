from django.urls import include, path
from rest_framework.routers import DefaultRouter

from accounts import views

router = DefaultRouter()
router.register("addresses", views.AddressViewSet, basename="address")
router.register(r"customers", views.CustomerViewSet, basename="customer")

urlpatterns = [
    path("register/", views.RegisterView.as_view(), name="register"),
    path("login/", views.log_in, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("me/", views.ProfileView.as_view(), name="profile"),
    path("", include(router.urls)),
]
