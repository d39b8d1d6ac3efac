from django.contrib.auth.decorators import login_required, permission_required
from django.db import connection
from django.db.models import Count, Sum
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect

from catalog.models import Book
from orders.models import Order


def healthz(request):
    """For the load balancer: answers only when the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})


@login_required
@permission_required("orders.view_order", raise_exception=True)
def dashboard(request):
    by_status = (
        Order.objects.order_by()
        .values("status")
        .annotate(orders=Count("pk"), revenue=Sum("total"))
    )
    return JsonResponse({"by_status": list(by_status)})


def legacy_isbn(request, isbn):
    book = get_object_or_404(Book, isbn13=isbn)
    return redirect("catalog:product-detail", slug=book.slug, permanent=True)
