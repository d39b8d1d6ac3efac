/** A small project of Django whose migrations make what its models describe. */
export const DJANGO_BLOG: Readonly<Record<string, string>> = {
  "manage.py": `import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
`,
  "config/__init__.py": ``,
  "config/settings.py": `SECRET_KEY = "for-tests"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.postgres", "blog", "people"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "x", "HOST": "127.0.0.1", "PORT": "1"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
`,
  "blog/__init__.py": ``,
  "blog/models.py": `from django.conf import settings
from django.db import models
from people.models import Person


class Tag(models.Model):
    label = models.CharField(max_length=40, unique=True)


class Post(models.Model):
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    old = models.IntegerField(default=3)
    author = models.ForeignKey(Person, on_delete=models.CASCADE)
`,
  "blog/migrations/__init__.py": ``,
  "blog/migrations/0001_initial.py": `from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField(blank=True)),
                ('old', models.IntegerField(default=3)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='people.person')),
            ],
        ),
    ]
`,
  "people/__init__.py": ``,
  "people/models.py": `from django.db import models


class Person(models.Model):
    name = models.CharField(max_length=80)
`,
  "people/migrations/__init__.py": ``,
  "people/migrations/0001_initial.py": `from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
            ],
        ),
    ]
`,
};

/** The models of the same project as somebody went on with them. */
export const DJANGO_BLOG_AFTER: Readonly<Record<string, string>> = {
  "blog/models.py": `import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from people.models import Person


def empty():
    return {"a": []}


class Tag(models.Model):
    label = models.CharField(max_length=60, unique=True)


class Post(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LIVE = "live", _("Live")

    title = models.CharField(_("Title"), max_length=200, db_index=True)
    slug = models.SlugField(max_length=220, default="", blank=True)
    body = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    extra = models.JSONField(default=empty, blank=True)
    words = ArrayField(models.CharField(max_length=20), default=list)
    price = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        default=0,
    )
    author = models.ForeignKey(Person, on_delete=models.CASCADE)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["status", "-price"], name="post_status_idx"),
            models.Index(fields=["title"], condition=Q(status="live"), name="post_live_idx"),
        ]


class Comment(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE)
    tags = models.ManyToManyField("Tag", blank=True)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["post", "text"], name="comment_once")]
`,
  "people/models.py": `from django.db import models


class Person(models.Model):
    name = models.CharField(max_length=80)
    favourite = models.ForeignKey("blog.Comment", null=True, on_delete=models.SET_NULL)
`,
};
