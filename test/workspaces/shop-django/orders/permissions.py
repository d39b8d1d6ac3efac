from rest_framework.permissions import BasePermission


class IsWarehouse(BasePermission):
    """People who pack and ship."""

    def has_permission(self, request, view):
        return request.user.groups.filter(name="warehouse").exists()


class OwnsCart(BasePermission):
    """A cart without a user belongs to whoever knows its id."""

    def has_object_permission(self, request, view, obj):
        return obj.user_id is None or obj.user_id == request.user.pk
