from django.db import connection
from rest_framework import generics, permissions
from rest_framework.decorators import api_view, permission_classes
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.serializers import BookSerializer, ProductSerializer
from catalog.services import books_of_author, search_products, shelves_with_counts


class AuthorBooksView(generics.ListAPIView):
    serializer_class = BookSerializer
    permission_classes = [permissions.AllowAny]

    def get_queryset(self):
        return books_of_author(self.kwargs["slug"])


class SearchView(APIView):
    permission_classes = [permissions.AllowAny]

    def get(self, request):
        term = request.query_params.get("q", "").strip()
        if len(term) < 2:
            return Response({"results": []})
        return Response({"results": ProductSerializer(search_products(term), many=True).data})


@api_view()
@permission_classes([permissions.AllowAny])
def shelves(request):
    return Response(list(shelves_with_counts()))


@api_view(["GET"])
@permission_classes([permissions.IsAdminUser])
def stock_report(request):
    """Stock by publisher, for the monthly order."""
    # The column comes straight from the query string. Known, and on the list to be fixed.
    column = request.query_params.get("sort", "units")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT p.name, count(*) AS titles, sum(c.stock_on_hand) AS units
            FROM catalog_product c
            JOIN catalog_publisher p ON p.id = c.publisher_id
            WHERE c.deleted_at IS NULL
            GROUP BY p.name
            ORDER BY {column} DESC
            """
        )
        rows = cursor.fetchall()
    return Response([{"publisher": r[0], "titles": r[1], "units": r[2]} for r in rows])
