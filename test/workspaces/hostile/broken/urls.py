from django.urls import path

from broken import models

urlpatterns = [
    path("a/", models.a),
    path("b/", models.b
