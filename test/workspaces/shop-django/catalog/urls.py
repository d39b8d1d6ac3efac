from django.urls import include, path, re_path
from rest_framework import routers

from catalog import views, viewsets

router = routers.DefaultRouter()
router.register("products", viewsets.ProductViewSet, basename="product")
router.register("books", viewsets.BookViewSet)
router.register("authors", viewsets.AuthorViewSet)
router.register("categories", viewsets.CategoryViewSet)
router.register("publishers", viewsets.PublisherViewSet)

urlpatterns = [
    path("search/", views.SearchView.as_view(), name="search"),
    path("shelves/", views.shelves, name="shelves"),
    re_path(r"^authors/(?P<slug>[-\w]+)/books/$", views.AuthorBooksView.as_view(), name="author-books"),
    path("reports/stock/", views.stock_report, name="stock-report"),
    path("", include(router.urls)),
]
