from django.urls import path

from payments import views

urlpatterns = [
    path("midtrans/", views.midtrans_webhook, name="midtrans-webhook"),
    path("xendit/", views.xendit_webhook, name="xendit-webhook"),
]
