from django.contrib.auth import authenticate, login, logout
from django.db.models import Count
from django.views.decorators.csrf import csrf_exempt
from rest_framework import generics, permissions, status, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.response import Response

from accounts.models import Address, User
from accounts.serializers import (
    AddressSerializer,
    ProfileSerializer,
    RegistrationSerializer,
    StaffUserSerializer,
)
from accounts.services import make_default_address
from common.permissions import IsOwner


class RegisterView(generics.CreateAPIView):
    """Opens an account."""

    serializer_class = RegistrationSerializer
    permission_classes = [permissions.AllowAny]


@csrf_exempt
@api_view(["POST"])
@permission_classes([permissions.AllowAny])
def log_in(request):
    user = authenticate(
        request,
        username=request.data.get("email"),
        password=request.data.get("password"),
    )
    if user is None:
        return Response({"detail": "Wrong e-mail or password."}, status=status.HTTP_400_BAD_REQUEST)
    login(request, user)
    return Response(ProfileSerializer(user).data)


@api_view(["POST"])
def log_out(request):
    logout(request)
    return Response(status=status.HTTP_204_NO_CONTENT)


class ProfileView(generics.RetrieveUpdateAPIView):
    serializer_class = ProfileSerializer

    def get_object(self):
        return self.request.user


class AddressViewSet(viewsets.ModelViewSet):
    serializer_class = AddressSerializer
    permission_classes = [permissions.IsAuthenticated, IsOwner]
    owner_field = "user"

    def get_queryset(self):
        return Address.objects.filter(user=self.request.user).order_by("-is_default", "label")

    def perform_create(self, serializer):
        serializer.save(user=self.request.user)

    @action(detail=True, methods=["post"], url_path="make-default")
    def make_default(self, request, pk=None):
        address = self.get_object()
        make_default_address(request.user, address.pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CustomerViewSet(viewsets.ReadOnlyModelViewSet):
    """For the back office only."""

    queryset = User.objects.annotate(order_count=Count("orders")).order_by("-date_joined")
    serializer_class = StaffUserSerializer
    permission_classes = [permissions.IsAdminUser]
