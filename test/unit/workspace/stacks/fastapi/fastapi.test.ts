import assert from "node:assert/strict";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { fastapiStack } from "../../../../../src/workspace/stacks/fastapi/stack.ts";
import { type Files, readFiles } from "../read-python.ts";

const read = (files: Files) => readFiles(fastapiStack, files);
const paths = (routes: readonly Route[]) => routes.map(({ method, path }) => `${method} ${path}`).sort();

describe("FastAPI routes", () => {
  it("C04 follows routers in routers, with prefixes of settings, f-strings and functions", async () => {
    const { routes } = await read({
      "app/config.py": [
        "from pydantic_settings import BaseSettings",
        "class Settings(BaseSettings):",
        "    API: str = '/api'",
        "    VERSION: int = 2",
        "def get_settings() -> Settings:",
        "    return Settings()",
        "settings = get_settings()",
        "def versioned(path):",
        "    return '{}/v2'.format(path)",
      ].join("\n"),
      "app/books.py": [
        "from fastapi import APIRouter",
        "router = APIRouter(prefix='/books')",
        "@router.get('/{book_id}')",
        "def get_book(book_id: int): ...",
        "def add(title: str): ...",
        "add = router.post('')(add)",
      ].join("\n"),
      "app/routes.py": [
        "from fastapi import APIRouter",
        "from . import books",
        "api = APIRouter()",
        "api.include_router(books.router, prefix='/shop')",
      ].join("\n"),
      "app/main.py": [
        "from fastapi import FastAPI",
        "from .config import settings, versioned",
        "from .routes import api",
        "app = FastAPI()",
        "app.include_router(api, prefix=settings.API)",
        "app.include_router(api, prefix=versioned(settings.API))",
      ].join("\n"),
    });
    assert.deepEqual(paths(routes), [
      "GET /api/shop/books/{book_id}",
      "GET /api/v2/shop/books/{book_id}",
      "POST /api/shop/books",
      "POST /api/v2/shop/books",
    ]);
    assert.ok(routes.every(({ confidence }) => confidence === "certain"));
  });

  it("C04 follows loops over routers, and imports inside of an application factory", async () => {
    const { routes } = await read({
      "app/books.py":
        "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/books')\ndef books(): ...\n",
      "app/users.py":
        "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/users')\ndef users(): ...\n",
      "app/admin.py":
        "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/admin')\ndef admin(): ...\n",
      "app/main.py": [
        "from fastapi import FastAPI",
        "def create_app():",
        "    from . import books, users",
        "    app = FastAPI()",
        "    for module, prefix in [(books, '/a'), (users, '/b')]:",
        "        app.include_router(module.router, prefix=prefix)",
        "    add_admin(app)",
        "    return app",
        "def add_admin(target):",
        "    from .admin import router",
        "    target.include_router(router)",
        "app = create_app()",
      ].join("\n"),
    });
    assert.deepEqual(paths(routes), ["GET /a/books", "GET /admin", "GET /b/users"]);
  });

  it("C04 finds guards of app, router, include, decorator, parameter and of what they depend on", async () => {
    const { routes } = await read({
      "app/auth.py": [
        "from fastapi import Depends, HTTPException, Security",
        "from fastapi.security import OAuth2PasswordBearer",
        "scheme = OAuth2PasswordBearer(tokenUrl='t')",
        "def current_user(token: str = Depends(scheme)):",
        "    if not token: raise HTTPException(status_code=401)",
        "def current_admin(user = Security(current_user, scopes=['admin'])):",
        "    if not user.admin: raise HTTPException(status_code=403)",
        "def require_role(role):",
        "    def checker(kind: str, user = Depends(current_user)):",
        "        if user.role != role: raise HTTPException(403)",
        "    return checker",
        "def get_db(): yield None",
      ].join("\n"),
      "app/main.py": [
        "from fastapi import APIRouter, Depends, FastAPI",
        "from .auth import current_admin, current_user, get_db, require_role",
        "app = FastAPI(dependencies=[Depends(get_db)])",
        "router = APIRouter(dependencies=[Depends(current_user)])",
        "@router.get('/a')",
        "def a(db = Depends(get_db)): ...",
        "@router.get('/b', dependencies=[Depends(require_role('staff'))])",
        "def b(): ...",
        "@app.get('/c')",
        "def c(user = Depends(current_admin)): ...",
        "@app.get('/d')",
        "def d(): ...",
        "app.include_router(router)",
      ].join("\n"),
    });
    const guards = (path: string) =>
      routes
        .find((route) => route.path === path)
        ?.guards.filter(({ effect }) => effect === "require")
        .map(
          ({ name, kind, scope, source }) =>
            `${name} ${kind} ${scope} ${source.uri}:${source.range.start.line + 1}`,
        );
    assert.deepEqual(guards("/a"), ["current_user authentication group app/main.py:4"]);
    assert.deepEqual(guards("/b"), [
      "current_user authentication group app/main.py:4",
      'require_role("staff") permission method app/main.py:7',
    ]);
    assert.deepEqual(guards("/c"), ["current_admin permission method app/main.py:10"]);
    assert.deepEqual(guards("/d"), []);
    const b = routes.find(({ path }) => path === "/b");
    assert.deepEqual(
      b?.parameters.map(({ name, in: place }) => `${place} ${name}`),
      ["query kind"],
      "what a function returns is filled too",
    );
  });

  it("C04 reads class based views, api_route, mounts and routes of Starlette; C08 says of WebSockets", async () => {
    const { routes, gaps } = await read({
      "app/main.py": [
        "from fastapi import APIRouter, Depends, FastAPI, WebSocket",
        "from fastapi_utils.cbv import cbv",
        "from starlette.applications import Starlette",
        "from starlette.routing import Route",
        "from .auth import get_user",
        "router = APIRouter(prefix='/items')",
        "@cbv(router)",
        "class Items:",
        "    user = Depends(get_user)",
        "    @router.get('/{item_id}')",
        "    def get(self, item_id: int, q: str = ''): ...",
        "    @router.api_route('/', methods=['POST', 'PUT'])",
        "    def write(self): ...",
        "@router.websocket('/events')",
        "async def events(socket: WebSocket): ...",
        "def home(request): ...",
        "inner = Starlette(routes=[Route('/home', home), Route('/form', home, methods=['POST'])])",
        "app = FastAPI()",
        "app.include_router(router, prefix='/api')",
        "app.mount('/old', inner)",
      ].join("\n"),
    });
    assert.deepEqual(paths(routes), [
      "GET /api/items/{item_id}",
      "GET /old/home",
      "POST /api/items/",
      "POST /old/form",
      "PUT /api/items/",
    ]);
    const get = routes.find(({ path }) => path === "/api/items/{item_id}");
    assert.equal(get?.handler, "Items.get");
    assert.deepEqual(
      get.parameters.map(({ name, in: place }) => `${place} ${name}`),
      ["path item_id", "query q"],
    );
    assert.deepEqual(
      gaps.map(({ what }) => what),
      ["WebSocket /api/items/events"],
    );
  });

  it("C04 finds the body by the model, also of a base in another file, and the fields of a model for the query", async () => {
    const { routes } = await read({
      "app/base.py": "from pydantic import BaseModel\nclass AppBase(BaseModel):\n    pass\n",
      "app/books.py": [
        "from .base import AppBase",
        "class BookCreate(AppBase):",
        "    title: str",
        "    pages: int = 0",
      ].join("\n"),
      "app/main.py": [
        "from typing import Annotated",
        "from fastapi import Depends, FastAPI, Query",
        "from .books import BookCreate",
        "app = FastAPI()",
        "def as_query(cls):",
        "    def inner(*args, **kwargs): ...",
        "    return inner",
        "@app.post('/books')",
        "def add(book: BookCreate, dry: bool = False): ...",
        "@app.get('/books')",
        "def find(filters: Annotated[BookCreate, Query()]): ...",
        "@app.get('/again')",
        "def again(filters: BookCreate = Depends(as_query(BookCreate))): ...",
      ].join("\n"),
    });
    const lines = routes.map(
      (route) =>
        `${route.name} ${route.body?.name ?? "-"} ${route.parameters.map(({ in: place, name, required }) => `${place}:${name}${required ? "" : "?"}`)}`,
    );
    assert.deepEqual(lines.sort(), [
      "GET /again - query:title,query:pages?",
      "GET /books - query:title,query:pages?",
      "POST /books BookCreate body:book,query:dry?",
    ]);
  });

  it("C08 says of prefixes and routers that are known at run time only", async () => {
    const { routes, gaps } = await read({
      "app/main.py": [
        "import os",
        "from fastapi import APIRouter, FastAPI",
        "app = FastAPI()",
        "router = APIRouter()",
        "@router.get('/a')",
        "def a(): ...",
        "app.include_router(router, prefix=os.environ['PREFIX'])",
        "app.include_router(load_plugin())",
        "lost = APIRouter()",
        "@lost.get('/b')",
        "def b(): ...",
      ].join("\n"),
    });
    assert.deepEqual(
      routes.map(({ confidence, gaps: own }) => `${confidence}: ${own.map(({ why }) => why)}`),
      [
        "partial: it is computed when the program starts",
        "partial: no app of the workspace includes the router, as far as its code shows",
      ],
    );
    assert.ok(gaps.some(({ what }) => what === "router load_plugin()"));
  });
});
