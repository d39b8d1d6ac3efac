from rest_framework.permissions import SAFE_METHODS, BasePermission


class IsMerchandiser(BasePermission):
    """Staff who may change what is on the shelves."""

    message = "Only merchandisers may change the catalogue."

    def has_permission(self, request, view):
        return request.user.is_staff and request.user.has_perm("catalog.change_product")


class PublicRead(BasePermission):
    def has_permission(self, request, view):
        return request.method in SAFE_METHODS
