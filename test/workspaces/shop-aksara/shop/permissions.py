from aksara.permissions import BasePermission


class IsStockKeeper(BasePermission):
    message = "Only those who count the stock may change it."

    def has_permission(self, request, view=None):
        user = self.get_user(request)
        return user is not None and getattr(user, "keeps_stock", False)
