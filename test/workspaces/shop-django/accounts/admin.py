from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import Address, LoyaltyAccount, StaffMember, User


@admin.register(User)
class CustomerAdmin(UserAdmin):
    list_display = ["email", "first_name", "last_name", "date_joined"]
    search_fields = ["email", "phone"]
    fieldsets = UserAdmin.fieldsets + (
        ("Lontar", {"fields": ("phone", "date_of_birth", "preferred_language", "marketing_opt_in")}),
    )


@admin.register(Address)
class AddressAdmin(admin.ModelAdmin):
    list_display = ["user", "label", "city", "is_default"]
    raw_id_fields = ["user"]


admin.site.register(StaffMember)
admin.site.register(LoyaltyAccount)
