from django.urls import include, path
from rest_framework.routers import DefaultRouter, SimpleRouter

from orders import views

router = SimpleRouter()
router.register("carts", views.CartViewSet)
router.register("orders", views.OrderViewSet, basename="order")
router.register("coupons", views.CouponViewSet)

cart_router = DefaultRouter()
cart_router.include_root_view = False
cart_router.register("items", views.CartItemViewSet, basename="cart-item")

report_urlpatterns = [
    path("revenue/<int:year>/", views.revenue_report, name="revenue-report"),
    path("best-sellers/", views.best_seller_report, name="best-seller-report"),
]

urlpatterns = [
    path("", include(router.urls)),
    path("carts/<uuid:cart_pk>/", include(cart_router.urls)),
    path(
        "orders/<uuid:order_pk>/items/",
        views.OrderItemViewSet.as_view({"get": "list"}),
        name="order-items",
    ),
    path(
        "orders/<uuid:order_pk>/items/<int:pk>/",
        views.OrderItemViewSet.as_view({"get": "retrieve"}),
        name="order-item",
    ),
    path("quotes/", views.QuoteRequestView.as_view(), name="quote-request"),
    path("reports/", include(report_urlpatterns)),
]
