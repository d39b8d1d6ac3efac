from django.urls import path
from rest_framework.routers import SimpleRouter

from payments import views

router = SimpleRouter()
router.register("", views.PaymentViewSet, basename="payment")

urlpatterns = [
    path("ledger/", views.LedgerView.as_view(), name="ledger"),
    *router.urls,
]
