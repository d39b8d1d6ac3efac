from django.urls import path, re_path

from inventory import views

urlpatterns = [
    path("items/", views.list_items),
    path("find/", views.find_item),
    path("items/<int:pk>/delete/", views.delete_item),
    re_path(r"^<b>odd<b> `path`/$", views.list_items),
    path("gone/", views.does_not_exist),
]
