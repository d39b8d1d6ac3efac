import assert from "node:assert/strict";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { flaskStack } from "../../../../../src/workspace/stacks/flask/stack.ts";
import { type Files, readFiles } from "../read-python.ts";

const read = (files: Files) => readFiles(flaskStack, files);
const paths = (routes: readonly Route[]) => routes.map(({ method, path }) => `${method} ${path}`).sort();

describe("Flask routes", () => {
  it("C04 follows nested blueprints, prefixes of registration, and an application factory", async () => {
    const { routes } = await read({
      "shop/books.py": [
        "from flask import Blueprint",
        "bp = Blueprint('books', __name__, url_prefix='/books')",
        "@bp.route('/')",
        "def index(): ...",
        "@bp.post('/<int:book_id>/buy')",
        "def buy(book_id): ...",
      ].join("\n"),
      "shop/admin.py": [
        "from flask import Blueprint",
        "def make_blueprint() -> Blueprint:",
        "    bp = Blueprint('admin', __name__, url_prefix='/ignored')",
        "    @bp.route('/users', methods=['GET', 'POST'])",
        "    def users(): ...",
        "    return bp",
      ].join("\n"),
      "shop/__init__.py": [
        "from flask import Blueprint, Flask",
        "def create_app():",
        "    from . import admin, books",
        "    app = Flask(__name__)",
        "    api = Blueprint('api', __name__, url_prefix='/api')",
        "    api.register_blueprint(books.bp)",
        "    app.register_blueprint(api)",
        "    made = admin.make_blueprint()",
        "    app.register_blueprint(made, url_prefix='/admin')",
        "    @app.route('/health')",
        "    def health(): ...",
        "    return app",
      ].join("\n"),
    });
    assert.deepEqual(paths(routes), [
      "GET /admin/users",
      "GET /api/books/",
      "GET /health",
      "POST /admin/users",
      "POST /api/books/<int:book_id>/buy",
    ]);
    const buy = routes.find(({ handler }) => handler === "buy");
    assert.deepEqual(buy?.parameters, [{ name: "book_id", in: "path", type: "int", required: true }]);
    assert.deepEqual(
      buy.mounts.map(({ uri, range }) => `${uri}:${range.start.line + 1}`),
      ["shop/__init__.py:4", "shop/__init__.py:7", "shop/__init__.py:6", "shop/books.py:5"],
    );
  });

  it("C04 reads MethodView, and the resources of Flask-RESTful and Flask-RESTX", async () => {
    const { routes } = await read({
      "shop/views.py": [
        "from flask.views import MethodView, View",
        "class BookView(MethodView):",
        "    def get(self, book_id): ...",
        "    def delete(self, book_id): ...",
        "class Page(View):",
        "    def dispatch_request(self): ...",
      ].join("\n"),
      "shop/resources.py": [
        "from .base import BaseResource",
        "class Order(BaseResource):",
        "    def get(self): ...",
        "    def post(self): ...",
      ].join("\n"),
      "shop/base.py": [
        "from flask_restful import Api, Resource",
        "class BaseResource(Resource):",
        "    def dispatch_request(self, *args, **kwargs): ...",
        "def scoped(rule):",
        "    if SHARED:",
        "        return '/<tenant>{}'.format(rule)",
        "    return rule",
        "class ScopedApi(Api):",
        "    def add_scoped_resource(self, resource, *urls):",
        "        return self.add_resource(resource, *[scoped(url) for url in urls])",
      ].join("\n"),
      "shop/app.py": [
        "from flask import Flask",
        "from flask_restx import Api as RestxApi, Namespace, Resource",
        "from .base import ScopedApi, scoped",
        "from .resources import Order",
        "from .views import BookView, Page",
        "app = Flask(__name__)",
        "app.add_url_rule('/books/<book_id>', view_func=BookView.as_view('book'))",
        "app.add_url_rule('/page', view_func=Page.as_view('page'), methods=['GET', 'POST'])",
        "api = ScopedApi(app)",
        "api.add_scoped_resource(Order, '/orders')",
        "rest = RestxApi(app, prefix='/v1')",
        "ns = Namespace('tags')",
        "@ns.route('/<name>', '/named/<name>')",
        "class Tag(Resource):",
        "    def put(self, name): ...",
        "rest.add_namespace(ns)",
        "@app.get(scoped('/scoped'))",
        "def inside(): ...",
      ].join("\n"),
    });
    assert.deepEqual(paths(routes), [
      "DELETE /books/<book_id>",
      "GET /books/<book_id>",
      "GET /orders",
      "GET /page",
      "GET /scoped",
      "POST /orders",
      "POST /page",
      "PUT /v1/tags/<name>",
      "PUT /v1/tags/named/<name>",
    ]);
    const why = (path: string) => routes.find((route) => route.path === path)?.gaps.map((gap) => gap.why);
    assert.deepEqual(why("/orders"), ["add_scoped_resource makes it and may make another one"]);
    assert.deepEqual(why("/scoped"), ["scoped makes it and may make another one"]);
    assert.deepEqual(why("/books/<book_id>"), []);
  });

  it("C04 finds guards of decorators, classes, before_request and of classes that decorate", async () => {
    const { routes } = await read({
      "shop/guards.py": [
        "import functools",
        "from flask import abort",
        "def login_required(view):",
        "    @functools.wraps(view)",
        "    def inner(*args):",
        "        if not user: abort(401)",
        "    return inner",
        "class require_permissions:",
        "    def __init__(self, names): ...",
        "    def __call__(self, fn):",
        "        if missing: abort(403)",
        "def require_permission(name):",
        "    return require_permissions([name])",
      ].join("\n"),
      "shop/app.py": [
        "from flask import Flask, Blueprint",
        "from flask.views import MethodView",
        "from .guards import login_required, require_permission, require_permissions",
        "app = Flask(__name__)",
        "bp = Blueprint('b', __name__)",
        "@bp.before_request",
        "@login_required",
        "def require_login(): ...",
        "@bp.route('/a')",
        "def a(): ...",
        "app.register_blueprint(bp)",
        "@app.route('/b')",
        "@require_permission('edit')",
        "def b(): ...",
        "@app.route('/c')",
        "@require_permissions(['x'])",
        "def c(): ...",
        "class Guarded(MethodView):",
        "    decorators = [login_required]",
        "    def get(self): ...",
        "app.add_url_rule('/d', view_func=Guarded.as_view('d'))",
        "@login_required",
        "@app.route('/e')",
        "def e(): ...",
      ].join("\n"),
    });
    const guards = (path: string) =>
      routes
        .find((route) => route.path === path)
        ?.guards.map(({ name, kind, scope, effect }) => `${name} ${kind} ${scope} ${effect}`);
    assert.deepEqual(guards("/a"), ["require_login unknown group unknown"]);
    assert.deepEqual(guards("/b"), ['require_permission("edit") permission method require']);
    assert.deepEqual(guards("/c"), ['require_permissions(["x"]) permission method require']);
    assert.deepEqual(guards("/d"), ["login_required authentication class require"]);
    assert.deepEqual(guards("/e"), [], "a decorator above that of the route is not in force");
  });

  it("C04 follows loops over blueprints", async () => {
    const { routes, gaps } = await read({
      "shop/a.py":
        "from flask import Blueprint\nbp = Blueprint('a', __name__)\n@bp.route('/a')\ndef a(): ...\n",
      "shop/b.py":
        "from flask import Blueprint\nbp = Blueprint('b', __name__)\n@bp.route('/b')\ndef b(): ...\n",
      "shop/app.py": [
        "from flask import Flask",
        "from . import a, b",
        "def create_app():",
        "    app = Flask(__name__)",
        "    for module in [a, b]:",
        "        blueprint = module.bp",
        "        app.register_blueprint(blueprint)",
        "    return app",
      ].join("\n"),
    });
    assert.deepEqual(paths(routes), ["GET /a", "GET /b"]);
    assert.deepEqual(gaps, []);
  });

  it("C04 takes blueprints that nothing names to be in the one list that is not known, and says so", async () => {
    const { routes, gaps } = await read({
      "shop/constants.py": "VERSION = 1\nPREFIX = '/books'\n",
      "shop/books.py": [
        "from flask import Blueprint",
        "from .constants import PREFIX",
        "bp = Blueprint('books', __name__)",
        "@bp.route(PREFIX)",
        "def books(): ...",
      ].join("\n"),
      "shop/app.py": [
        "from flask import Flask",
        "API_VERSION = 1",
        "def create_app(blueprints=None):",
        "    app = Flask(__name__)",
        "    configure(app, blueprints or ())",
        "    return app",
        "def configure(app, blueprints):",
        "    for blueprint in blueprints:",
        "        app.register_blueprint(blueprint, url_prefix=f'/api/{API_VERSION}')",
      ].join("\n"),
    });
    assert.deepEqual(
      routes.map(({ name, confidence, gaps: own }) => `${name} ${confidence}: ${own.map(({ why }) => why)}`),
      [
        "GET /api/1/books partial: the app registers blueprints of a list that is not known: it is taken to be in it",
      ],
    );
    assert.deepEqual(gaps, []);
  });

  it("C04 says of each guard whether it holds for the app, a group, a class or a method, and where it stands", async () => {
    const { routes } = await read({
      "shop/guards.py": [
        "from flask import abort",
        "def require_login():",
        "    if not user: abort(401)",
        "def require_admin(view):",
        "    def inner(*args):",
        "        if not admin: abort(403)",
        "    return inner",
      ].join("\n"),
      "shop/open.py": [
        "from flask import Blueprint, Flask",
        "bp = Blueprint('open', __name__)",
        "@bp.get('/none')",
        "def none(): ...",
        "app = Flask('open')",
        "app.register_blueprint(bp)",
      ].join("\n"),
      "shop/app.py": [
        "from flask import Blueprint, Flask",
        "from flask.views import MethodView",
        "from .guards import require_admin, require_login",
        "app = Flask(__name__)",
        "app.before_request(require_login)",
        "bp = Blueprint('admin', __name__)",
        "bp.before_request(require_login)",
        "class Guarded(MethodView):",
        "    decorators = [require_admin]",
        "class Inherits(Guarded):",
        "    def get(self): ...",
        "class Own(MethodView):",
        "    decorators = [require_admin]",
        "    def get(self): ...",
        "bp.add_url_rule('/inherited', view_func=Inherits.as_view('i'))",
        "app.add_url_rule('/class', view_func=Own.as_view('o'))",
        "app.register_blueprint(bp)",
        "@app.get('/method')",
        "@require_admin",
        "def method(): ...",
      ].join("\n"),
    });
    const guards = (path: string) =>
      routes
        .find((route) => route.path === path)
        ?.guards.map(
          ({ name, scope, source }) => `${scope} ${name} ${source.uri}:${source.range.start.line + 1}`,
        );
    const app = "global require_login shop/app.py:5";
    assert.deepEqual(guards("/method"), [app, "method require_admin shop/app.py:19"]);
    assert.deepEqual(guards("/class"), [app, "class require_admin shop/app.py:13"]);
    assert.deepEqual(guards("/inherited"), [
      app,
      "group require_login shop/app.py:7",
      "inherited require_admin shop/app.py:9",
    ]);
    assert.deepEqual(guards("/none"), []);
  });

  it("C08 says once that views of Flask-AppBuilder are not read", async () => {
    const { routes, gaps } = await read({
      "app/views.py": [
        "from flask import Flask",
        "from flask_appbuilder import ModelView, expose",
        "app = Flask(__name__)",
        "class Contacts(ModelView): ...",
        "class Groups(ModelView): ...",
      ].join("\n"),
    });
    assert.deepEqual(routes, []);
    assert.deepEqual(
      gaps.map(({ what }) => what),
      ["routes of 2 classes of Flask-AppBuilder, such as Contacts"],
    );
  });
});
