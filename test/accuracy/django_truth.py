"""Asks Django itself what a project consists of, and prints it as one JSON document.

    python3 test/accuracy/django_truth.py PROJECT SETTINGS_MODULE > truth.json

Packages that are not installed are replaced by modules whose every name is a class that accepts anything, and apps of
such packages are left out, so that the project can be loaded for its own models, URLs and migrations. What is said
about them is therefore said by Django, of the project's own code only.
"""

import inspect
import json
import logging.config
import os
import sys

from stand_ins import PROJECT, STUBBED, StubFinder, own


def keep_installed(settings):
    """Leaves out the apps whose packages are stubs."""
    kept = []
    for entry in settings.INSTALLED_APPS:
        root = entry.partition(".")[0]
        try:
            __import__(root)
        except ImportError:
            STUBBED.add(root)
        if root not in STUBBED:
            kept.append(entry)
    settings.INSTALLED_APPS = kept


def forgive_ready():
    """What an app does when it is ready is not looked at, and must not stop the rest."""
    from django.apps import AppConfig

    create = AppConfig.create.__func__

    def forgiving(cls, entry):
        config = create(cls, entry)
        ready = config.ready

        def attempt():
            try:
                ready()
            except Exception as error:  # noqa: BLE001  said, and the rest is still worth printing
                print(f"{config.label} was not ready: {error!r}", file=sys.stderr)

        config.ready = attempt
        return config

    AppConfig.create = classmethod(forgiving)


def fields_from_outside(model):
    """Names of the fields that the model has from abstract bases of other packages, whose source is not there."""
    return {
        field.name
        for base in model.__mro__[1:]
        if hasattr(base, "_meta") and base._meta.abstract and not own(base.__module__) and not base.__module__.startswith("django.contrib.")
        for field in base._meta.local_fields
    }


def describe_model(model):
    meta = model._meta
    fields = {}
    relations = {}
    outside = fields_from_outside(model)
    for field in [*meta.local_fields, *meta.local_many_to_many]:
        if field.name in outside:
            continue
        if not field.many_to_many:
            fields[field.name] = {
                "column": field.column,
                "null": field.null,
                "primaryKey": field.primary_key,
                "unique": field.unique,
                "type": field.get_internal_type(),
            }
        if field.remote_field is not None and field.related_model is not None:
            relations[field.name] = field.related_model._meta.label
    def columns(names):
        return [meta.get_field(name).column for name in names]

    def index(names, unique, name=None):
        return {"name": name, "columns": columns(names), "unique": unique}

    indexes = [
        index([field.name], field.unique)
        for field in meta.local_fields
        if field.name not in outside and (field.unique or getattr(field, "db_index", False))
    ]
    indexes += [
        index([name for name, _ in each.fields_orders], False, each.name) for each in meta.indexes if each.fields_orders
    ]
    indexes += [index(group, True) for group in meta.unique_together]
    indexes += [
        index(each.fields, True, each.name) for each in meta.constraints if getattr(each, "fields", ())
    ]
    constraints = [constraint.name for constraint in meta.constraints]
    return {
        "table": meta.db_table,
        "proxy": meta.proxy,
        "managed": meta.managed,
        "fields": fields,
        "relations": relations,
        "indexes": indexes,
        "constraints": constraints,
    }


def required_methods(callback):
    """What `require_http_methods` and its relatives let through; empty where the function has none of them."""
    while callback is not None:
        for name, cell in zip(callback.__code__.co_freevars, callback.__closure__ or ()) if inspect.isfunction(callback) else ():
            if name == "request_method_list":
                return sorted(method for method in cell.cell_contents if method not in ("HEAD", "OPTIONS"))
        callback = getattr(callback, "__wrapped__", None)
    return []


def methods_of(callback):
    """Methods that a view answers; ANY where it does not say."""
    actions = getattr(callback, "actions", None)
    if actions:
        allowed = getattr(callback.cls, "http_method_names", [])
        return sorted(name.upper() for name in actions if name in allowed and name not in ("head", "options"))
    if required := required_methods(callback):
        return required
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    if view is None:
        return ["ANY"]
    names = getattr(view, "http_method_names", [])
    return sorted(
        name.upper() for name in names if name not in ("head", "options", "trace") and hasattr(view, name)
    )


def walk(patterns, prefix):
    from django.urls import URLPattern, URLResolver
    from django.urls.resolvers import LocalePrefixPattern

    for entry in patterns:
        text = "<language>/" if isinstance(entry.pattern, LocalePrefixPattern) else str(entry.pattern)
        if isinstance(entry, URLResolver):
            try:
                yield from walk(entry.url_patterns, prefix + [text])
            except Exception as error:  # noqa: BLE001  an app that is not there has no patterns
                print(f"skipped {''.join(prefix)}{text}: {error!r}", file=sys.stderr)
        elif isinstance(entry, URLPattern):
            callback = entry.callback
            view = getattr(callback, "cls", None) or getattr(callback, "view_class", None) or callback
            yield {
                "path": prefix + [text],
                "methods": methods_of(callback),
                "view": f"{getattr(view, '__module__', '?')}.{getattr(view, '__qualname__', '?')}",
                "actions": getattr(callback, "actions", None),
            }


def main(settings_module):
    sys.path.insert(0, str(PROJECT))
    sys.meta_path.append(StubFinder())
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module
    os.chdir(PROJECT)
    logging.config.dictConfig = lambda config: None
    import django
    from django.conf import settings
    from django.db.models import options

    settings.INSTALLED_APPS  # noqa: B018  loads the settings
    keep_installed(settings)
    settings.LOGGING_CONFIG = None
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    settings.DATABASE_ROUTERS = []
    # Packages add names to Meta, pgtrigger this one; without it the model would be refused.
    options.DEFAULT_NAMES += ("triggers",)
    forgive_ready()
    django.setup()
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader
    from django.urls import get_resolver

    models = {
        model._meta.label: describe_model(model)
        for model in apps.get_models()
        if own(model.__module__)
    }
    routes = []
    try:
        routes = list(walk(get_resolver().url_patterns, []))
    except Exception as error:  # noqa: BLE001  said, and the rest is still worth printing
        print(f"no routes: {error!r}", file=sys.stderr)
    loader = MigrationLoader(None)
    migrations = sorted(
        f"{app}.{name}" for (app, name), each in loader.disk_migrations.items() if own(each.__module__)
    )
    json.dump(
        {
            "django": django.get_version(),
            "stubbed": sorted(STUBBED),
            "models": models,
            "routes": [
                {**route, "own": own(route["view"].rpartition(".")[0]) or None}
                for route in routes
                # The same route once more, with the format in its path.
                if "format>" not in route["path"][-1]
            ],
            "migrations": migrations,
        },
        sys.stdout,
        indent=1,
        default=str,
    )


if __name__ == "__main__":
    main(sys.argv[2])
