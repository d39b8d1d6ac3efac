import json

from django.http import HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from rest_framework import generics, mixins, permissions, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from payments.models import LedgerEntry, Payment, WebhookDelivery
from payments.serializers import LedgerEntrySerializer, PaymentSerializer, RefundSerializer
from payments.services import refund_payment, signature_matches


class PaymentViewSet(
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.ListModelMixin,
    viewsets.GenericViewSet,
):
    serializer_class = PaymentSerializer

    def get_queryset(self):
        return Payment.objects.filter(order__customer=self.request.user).select_related("order")

    def perform_create(self, serializer):
        serializer.save(amount=serializer.validated_data["order"].total)

    @action(detail=True, methods=["post"], permission_classes=[permissions.IsAdminUser])
    def refund(self, request, pk=None):
        payment = generics.get_object_or_404(Payment, pk=pk)
        serializer = RefundSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        refund = refund_payment(
            payment,
            serializer.validated_data["amount"],
            serializer.validated_data.get("reason", ""),
            request.user,
        )
        return Response(RefundSerializer(refund).data, status=201)


class LedgerView(generics.ListAPIView):
    """Every entry ever booked, in one answer."""

    queryset = LedgerEntry.objects.select_related("payment").order_by("booked_on", "pk")
    serializer_class = LedgerEntrySerializer
    permission_classes = [permissions.IsAdminUser]
    pagination_class = None


@csrf_exempt
@require_POST
def midtrans_webhook(request):
    if not signature_matches(request.body, request.headers.get("X-Signature", "")):
        return HttpResponseForbidden("signature")
    event = json.loads(request.body)
    WebhookDelivery.objects.get_or_create(
        provider=Payment.Provider.MIDTRANS, event_id=event["id"], defaults={"body": event}
    )
    return HttpResponse(status=202)


@csrf_exempt
def xendit_webhook(request):
    """Takes what comes: the provider signs nothing, its addresses are checked by the proxy."""
    event = json.loads(request.body)
    WebhookDelivery.objects.create(
        provider=Payment.Provider.XENDIT, event_id=event["id"], body=event
    )
    return HttpResponse(status=202)
