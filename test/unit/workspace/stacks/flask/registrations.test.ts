import assert from "node:assert/strict";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { flaskStack } from "../../../../../src/workspace/stacks/flask/stack.ts";
import { type Files, readFiles } from "../read-python.ts";

const read = (files: Files) => readFiles(flaskStack, files);
const paths = (routes: readonly Route[]) => routes.map(({ method, path }) => `${method} ${path}`).sort();

describe("Flask routes that other code registers", () => {
  it("C04 follows functions that register what they are handed, once for each call of them", async () => {
    const { routes, gaps } = await read({
      "shop/register.py": [
        "def add_routes(blueprint, rows, decorators=None):",
        "    views = {}",
        "    for path, resource in rows:",
        "        view = views.get(resource)",
        "        if view is None:",
        "            view = resource.as_view(resource.__name__)",
        "            for decorator in decorators or []:",
        "                view = decorator(view)",
        "        blueprint.add_url_rule(path, view_func=view)",
        "    return blueprint",
      ].join("\n"),
      "shop/parts/__init__.py": "",
      "shop/parts/books.py": [
        "from flask import Blueprint",
        "from flask.views import MethodView",
        "from shop.register import add_routes",
        "class Books(MethodView):",
        "    def get(self): ...",
        "class Book(MethodView):",
        "    def delete(self, id): ...",
        "routes = [('/books', Books), ('/books/<id>', Book)]",
        "blueprint = Blueprint('books', 'books')",
        "api = add_routes(blueprint, routes)",
      ].join("\n"),
      "shop/parts/orders.py": [
        "from flask import Blueprint",
        "from flask.views import MethodView",
        "from shop.register import add_routes",
        "class Orders(MethodView):",
        "    def post(self): ...",
        "blueprint = Blueprint('orders', 'orders', url_prefix='/shop')",
        "add_routes(blueprint, [('/orders', Orders)])",
      ].join("\n"),
      "shop/app.py": [
        "import importlib",
        "from flask import Flask",
        "PARTS = ['books', 'orders']",
        "def configure(app):",
        "    for name in PARTS:",
        "        module = importlib.import_module(f'shop.parts.{name}')",
        "        app.register_blueprint(module.blueprint)",
        "def create_app():",
        "    app = Flask(__name__)",
        "    configure(app)",
        "    return app",
      ].join("\n"),
    });
    assert.deepEqual(paths(routes), ["DELETE /books/<id>", "GET /books", "POST /shop/orders"]);
    assert.deepEqual(
      routes.map(({ confidence }) => confidence),
      ["certain", "certain", "certain"],
    );
    assert.deepEqual(gaps, []);
    const orders = routes.find(({ method }) => method === "POST");
    assert.equal(orders?.mounts.at(-1)?.uri, "shop/parts/orders.py", "the call says the path");
  });

  it("C04 follows decorators of the workspace, blueprints that are handed through, and namespaces of an API", async () => {
    const { routes } = await read({
      "shop/timed.py": [
        "from flask import g",
        "def timed(bp, name=None):",
        "    bp.before_request(start)",
        "    return bp",
        "def start(): ...",
      ].join("\n"),
      "shop/api.py": [
        "from flask import Blueprint",
        "from flask_restx import Api, Resource",
        "from .timed import timed",
        "bp = timed(Blueprint('api', __name__), name='api')",
        "api = Api()",
        "api.init_app(bp)",
        "def resource(*urls, **kwargs):",
        "    def wrapper(cls):",
        "        api.add_resource(cls, *urls, **kwargs)",
        "        return cls",
        "    return wrapper",
        "def show_if(flag):",
        "    return lambda inner: inner",
      ].join("\n"),
      "shop/books.py": [
        "from flask_restx import Resource",
        "from .api import api, resource, show_if",
        "@resource('/books', '/volumes')",
        "@show_if(True)",
        "class Books(Resource):",
        "    def get(self): ...",
        "ns = api.namespace('tags')",
        "@ns.route('/<name>')",
        "class Tag(Resource):",
        "    def put(self, name): ...",
        "bare = api.namespace('bare', path='')",
        "@bare.route('/x')",
        "class Bare(Resource):",
        "    def get(self): ...",
      ].join("\n"),
      "shop/app.py": [
        "from flask import Flask",
        "from .api import bp",
        "app = Flask(__name__)",
        "app.register_blueprint(bp, url_prefix='/api')",
      ].join("\n"),
    });
    assert.deepEqual(paths(routes), [
      "GET /api/bare/x",
      "GET /api/books",
      "GET /api/volumes",
      "PUT /api/tags/<name>",
    ]);
  });

  it("C04 reads classes that a blueprint of the workspace takes for views; C08 says that it may change paths", async () => {
    const { routes } = await read({
      "shop/web/__init__.py": "",
      "shop/web/flask/__init__.py": "",
      "shop/web/flask/wrappers.py": [
        "from flask import Blueprint, Flask",
        "from flask.wrappers import Request",
        "class ShopBlueprint(Blueprint):",
        "    def add_url_rule(self, rule, endpoint=None, view_func=None, **options):",
        "        super().add_url_rule(rule, endpoint, made(view_func), **options)",
      ].join("\n"),
      "shop/news/pages.py": ["from flask import request", "class Page:", "    def process(self): ..."].join(
        "\n",
      ),
      "shop/news/blueprint.py": [
        "from shop.news.pages import Page",
        "from shop.web.flask.wrappers import ShopBlueprint",
        "bp = ShopBlueprint('news', __name__)",
        "bp.add_url_rule('/news', 'news', Page, methods=('GET', 'POST'))",
      ].join("\n"),
      "shop/app.py": [
        "from flask import Flask",
        "from shop.news.blueprint import bp",
        "from shop.web.flask.wrappers import ShopBlueprint",
        "from shop.web.flask.util import nothing",
        "app = Flask(__name__)",
        "app.register_blueprint(bp)",
      ].join("\n"),
    });
    assert.deepEqual(
      routes.map(({ name, confidence, gaps: own }) => `${name} ${confidence}: ${own.map(({ why }) => why)}`),
      ["GET", "POST"].map(
        (method) =>
          `${method} /news partial: ShopBlueprint.add_url_rule of the workspace may register it under another one`,
      ),
    );
  });

  it("C04 takes resources of an API that is handed in for those of the only one, and says so", async () => {
    const { routes } = await read({
      "shop/server.py": [
        "from flask import Flask",
        "from flask_restful import Api",
        "app = Flask('shop')",
        "api = Api(app, prefix='/1.1')",
      ].join("\n"),
      "shop/books/plugin.py": [
        "from flask_restful import Resource",
        "class Books(Resource):",
        "    def get(self): ...",
        "class Plugin:",
        "    def load(self, dependencies):",
        "        api = dependencies['api']",
        "        api.add_resource(Books, '/books', endpoint='books')",
      ].join("\n"),
    });
    assert.deepEqual(
      routes.map(({ name, confidence, gaps: own }) => `${name} ${confidence}: ${own.map(({ why }) => why)}`),
      [
        "GET /1.1/books partial: the API comes from a value that is not known: it is taken to be the only one of the workspace",
      ],
    );
  });

  it("C04 finds the blueprint that a call in a list makes, in a function that is handed the app", async () => {
    const { routes } = await read({
      "shop/google.py": [
        "from flask import Blueprint",
        "def make_blueprint(app):",
        "    oauth = OAuth(app)",
        "    blueprint = Blueprint('google', __name__)",
        "    @blueprint.route('/oauth/google')",
        "    def login(): ...",
        "    return blueprint",
      ].join("\n"),
      "shop/auth.py": [
        "from flask import Blueprint",
        "from .google import make_blueprint",
        "bp = Blueprint('auth', __name__)",
        "@bp.route('/login')",
        "def login(): ...",
        "def init_app(app):",
        "    for blueprint in [make_blueprint(app), bp]:",
        "        app.register_blueprint(blueprint)",
      ].join("\n"),
      "shop/app.py": [
        "from flask import Flask",
        "from . import auth",
        "def create_app():",
        "    app = Flask('shop')",
        "    auth.init_app(app)",
        "    return app",
      ].join("\n"),
    });
    assert.deepEqual(routes.map(({ name, confidence }) => `${name} ${confidence}`).sort(), [
      "GET /login certain",
      "GET /oauth/google certain",
    ]);
  });
});
