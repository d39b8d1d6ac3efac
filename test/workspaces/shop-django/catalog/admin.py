from django.contrib import admin

from catalog.models import Author, Book, Category, Contribution, Product, Publisher, Tag


class ContributionInline(admin.TabularInline):
    model = Contribution
    extra = 1
    autocomplete_fields = ["author"]


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    search_fields = ["full_name"]
    prepopulated_fields = {"slug": ["full_name"]}


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    list_display = ["title", "isbn13", "price", "status", "stock_on_hand"]
    list_filter = ["status", "binding"]
    inlines = [ContributionInline]


admin.site.register([Category, Product, Publisher, Tag])
