"""Asks Flask itself which routes a project has, and prints them as one JSON document.

    python3 test/accuracy/flask_truth.py PROJECT "from shop import create_app; app = create_app()" > truth.json

The second argument is run in the project's folder and leaves the application in `app`, or several in `apps`. Packages that are not installed
are replaced: see stand_ins.py.
"""

import inspect
import json
import os
import sys

from stand_ins import PROJECT, STUBBED, StubFinder, own

UNTOLD = {"HEAD", "OPTIONS"}


def methods_of(rule):
    told = rule.methods - UNTOLD
    return sorted(told or rule.methods - {"OPTIONS"} or rule.methods)


def module_of(view):
    """The module of what answers: that of a class behind its view, of a function behind its decorators."""
    made = getattr(view, "view_class", None)
    return (made or inspect.unwrap(view)).__module__


def main(statements):
    sys.path.insert(0, str(PROJECT))
    sys.meta_path.append(StubFinder())
    os.chdir(PROJECT)
    names = {}
    exec(statements, names)  # noqa: S102  written by whoever asks
    apps = names.get("apps") or [names["app"]]
    routes = [
        {
            "path": [rule.rule],
            "methods": methods_of(rule),
            "view": module_of(app.view_functions[rule.endpoint]),
            "own": own(module_of(app.view_functions[rule.endpoint])) or None,
        }
        for app in apps
        for rule in app.url_map.iter_rules()
        if rule.endpoint in app.view_functions
    ]
    json.dump({"stubbed": sorted(STUBBED), "models": {}, "routes": routes, "migrations": []}, sys.stdout, indent=1)


if __name__ == "__main__":
    main(sys.argv[2])
