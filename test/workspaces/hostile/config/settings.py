"""Settings with everything in them that should not be there. All of it is made up."""

SECRET_KEY = "django-insecure-9x!k2#not-a-real-key-0v7m$w3q8z"
DEBUG = True
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "inventory",
    "lending",
    "broken",
    "merge",
    "archive",
]

ROOT_URLCONF = "config.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "lontar",
        "USER": "lontar",
        "PASSWORD": "Kucing-Hitam-9",
        "HOST": "db.internal.example",
    }
}

CELERY_BROKER_URL = "redis://:sambal-terasi-5@cache.internal.example:6379/0"
REPORTING_URL = "postgresql://report:Gado%2DGado%2142@db.internal.example/lontar?sslmode=require"

AWS_ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

EMAIL_HOST_PASSWORD = "pisang goreng 77"
PARTNER_HEADERS = {"Authorization": "Bearer 0f3c9b1e7a5d4286b0c1d2e3f4a5b6c7"}

SIGNING_KEY = """-----BEGIN RSA PRIVATE KEY-----
bm90IGEga2V5IGF0IGFsbCwgb25seSB0aGUgc2hhcGUgb2Ygb25lLiBub3QgYSBr
ZXkgYXQgYWxsLCBvbmx5IHRoZSBzaGFwZSBvZiBvbmUuIG5vdCBhIGtleSBhdCBh
-----END RSA PRIVATE KEY-----"""
