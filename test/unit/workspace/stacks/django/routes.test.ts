import assert from "node:assert/strict";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { holds } from "../../../../../src/workspace/stacks/django/action-conditions.ts";
import { readableRegex } from "../../../../../src/workspace/stacks/django/url-path.ts";
import { readFiles, shop } from "./read-workspace.ts";

async function routesOf(files: Readonly<Record<string, string>>, settings = ""): Promise<readonly Route[]> {
  return (await readFiles(shop(files, settings))).routes;
}

const listed = (routes: readonly Route[]) =>
  routes.map((route) => `${route.method} ${route.path} ${route.handler}`).sort();
const guardsOf = (route: Route | undefined) =>
  route?.guards.map((guard) => `${guard.name} ${guard.kind} ${guard.scope} ${guard.effect}`);

const REST = [
  "from rest_framework import generics, mixins, permissions, serializers, viewsets",
  "from rest_framework.decorators import action, api_view, permission_classes",
  "from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated",
  "from rest_framework.views import APIView",
  "",
].join("\n");

describe("Django: paths", () => {
  it("C04 a regular expression becomes a path that people read", () => {
    const cases: readonly (readonly [string, string])[] = [
      ["^isbn/(?P<isbn>[0-9]{13})/$", "isbn/<isbn>/"],
      [String.raw`^a\.json$`, "a.json"],
      ["^(?P<slug>[-\\w()]+)/(?P<rest>.*)$", "<slug>/<rest>"],
      [String.raw`^x(?:/(?P<page>\d+))?/?$`, "x(/<page>)?/?"],
      [String.raw`^\d+/$`, String.raw`\d+/`],
      [String.raw`^items\Z`, "items"],
    ];
    for (const [pattern, path] of cases) assert.equal(readableRegex(pattern), path);
  });

  it("C04 a path put together from constants is the text they make", async () => {
    const routes = await routesOf({
      // Nothing in it belongs to Django.
      "shop/regex.py": "DOMAIN = r'[\\w]+'\nSLUG = r'/s/(?P<slug>[-\\w]*)'\n",
      "config/urls.py": [
        "from django.urls import re_path",
        "from shop import regex, views",
        "KINDS = ['book', 'film']",
        "ONE_OF = '|'.join(KINDS)",
        "ITEM = rf'^({ONE_OF})/(?P<item_id>\\d+)'",
        "urlpatterns = [",
        "    re_path(rf'{ITEM}{regex.SLUG}/?$', views.one),",
        "    re_path(ITEM + '/edit$', views.one),",
        "    re_path(rf'^{unknown}/x$', views.one),",
        "]",
      ].join("\n"),
      "shop/views.py": "def one(request):\n    pass\n",
    });
    assert.deepEqual(
      routes.map(({ path }) => path),
      ["/(book|film)/<item_id>/s/<slug>/?", "/(book|film)/<item_id>/edit", "/{unknown}/x"],
    );
  });

  it("C04 a view named like the view it is built on answers as that one does", async () => {
    const routes = await routesOf({
      "config/urls.py": [
        "from django.urls import path",
        "from shop.views import ListView",
        "urlpatterns = [path('all/', ListView.as_view())]",
      ].join("\n"),
      "shop/views.py": "from django.views.generic import ListView\nclass ListView(ListView):\n    pass\n",
    });
    assert.deepEqual(listed(routes), ["GET /all/ ListView.get"]);
  });

  it("C04 joins mounts over include in every form", async () => {
    const routes = await routesOf({
      "config/urls.py": [
        "from django.conf.urls.i18n import i18n_patterns",
        "from django.urls import include, path, re_path",
        "from shop import views, urls as shop_urls",
        "inner = [path('one/', views.one)]",
        "more = [path('two/<int:number>/', views.one)]",
        "urlpatterns = [",
        "    path('list/', include(inner)),",
        "    path('pair/', include((inner, 'pair'), namespace='p')),",
        "    path('module/', include(shop_urls)),",
        "    path('text/', include('shop.urls')),",
        "    path('tuple/', include(('shop.urls', 'shop'))),",
        "    re_path(r'^regex/', include([re_path(r'^(?P<slug>\\w+)$', views.one)])),",
        "    *more,",
        "]",
        "urlpatterns += [path('added/', views.one)]",
        "urlpatterns.append(path('appended/', views.one))",
        "urlpatterns += i18n_patterns(path('hello/', views.one))",
      ].join("\n"),
      "shop/urls.py":
        "from django.urls import path\nfrom .views import one as renamed\nurlpatterns = [path('', renamed)]\n",
      "shop/views.py": "# django\ndef one(request):\n    pass\n",
    });
    assert.deepEqual(listed(routes), [
      "ANY /<language>/hello/ one",
      "ANY /added/ one",
      "ANY /appended/ one",
      "ANY /list/one/ one",
      "ANY /module/ one",
      "ANY /pair/one/ one",
      "ANY /regex/<slug> one",
      "ANY /text/ one",
      "ANY /tuple/ one",
      "ANY /two/<int:number>/ one",
    ]);
    const number = routes.find((route) => route.path === "/two/<int:number>/");
    assert.deepEqual(number?.parameters, [{ name: "number", in: "path", type: "int", required: true }]);
    assert.equal(number?.uri, "shop/views.py");
    assert.equal(number?.id, "route:ANY:/two/<int:number>/");
  });

  it("C04 routers: options, several files, nesting, extra actions and further methods of an action", async () => {
    const routes = await routesOf({
      "config/urls.py":
        "from django.urls import include, path\nfrom shop.api import router, nested\nfrom shop import more\nurlpatterns = router.urls + [path('v2/', include(nested.urls))]\n",
      "shop/api.py": [
        "from rest_framework.routers import SimpleRouter",
        "from rest_framework_nested.routers import NestedSimpleRouter",
        "from shop import views",
        "router = SimpleRouter(trailing_slash=False)",
        "router.register(r'things', views.ThingViewSet)",
        "parents = SimpleRouter()",
        "nested = NestedSimpleRouter(parents, 'things', lookup='thing')",
        "nested.register('parts', views.PartViewSet)",
      ].join("\n"),
      "shop/more.py":
        "from shop.api import router as shared\nfrom shop import views\nshared.register('', views.ReadViewSet)\n",
      "shop/views.py": [
        REST,
        "class Base(viewsets.GenericViewSet):",
        "    lookup_field = 'code'",
        "    lookup_url_kwarg = 'thing_code'",
        "    @action(detail=True, methods=['put'], url_path='cover/(?P<size>[a-z]+)')",
        "    def cover(self, request, **kwargs):",
        "        pass",
        "    @cover.mapping.delete",
        "    def remove_cover(self, request, **kwargs):",
        "        pass",
        "    @action(detail=False)",
        "    def hidden(self, request):",
        "        pass",
        "class ThingViewSet(mixins.ListModelMixin, Base):",
        "    def hidden(self):",
        "        pass",
        "class PartViewSet(mixins.UpdateModelMixin, viewsets.GenericViewSet):",
        "    http_method_names = ['patch']",
        "class ReadViewSet(viewsets.ReadOnlyModelViewSet):",
        "    pass",
      ].join("\n"),
    });
    assert.deepEqual(listed(routes), [
      "DELETE /things/<thing_code>/cover/<size> ThingViewSet.remove_cover",
      "GET / ReadViewSet.list",
      "GET /<pk> ReadViewSet.retrieve",
      "GET /things ThingViewSet.list",
      "PATCH /v2/things/<thing_pk>/parts/<pk>/ PartViewSet.partial_update",
      "PUT /things/<thing_code>/cover/<size> ThingViewSet.cover",
    ]);
  });

  it("C04 methods of class based views come from what they define and inherit", async () => {
    const routes = await routesOf({
      "config/urls.py":
        "from django.urls import path\nfrom django.views.generic import RedirectView\nfrom shop import views\nurlpatterns = [path('a/', views.Own.as_view()), path('b/', views.Generic.as_view()), path('c/', views.Page.as_view()), path('d/', views.Odd.as_view()), path('e/', views.limited), path('f/', views.posted)]\n",
      "shop/views.py": [
        REST,
        "from django.views import View",
        "from django.views.generic import TemplateView",
        "from django.views.decorators.http import require_http_methods, require_POST",
        "from vendor.views import VendorView",
        "class Parent(View):",
        "    def post(self, request): pass",
        "class Own(Parent):",
        "    def get(self, request): pass",
        "class Generic(generics.RetrieveUpdateAPIView):",
        "    http_method_names = ['get', 'patch']",
        "class Page(TemplateView):",
        "    pass",
        "class Odd(VendorView):",
        "    pass",
        "@require_http_methods(['GET', 'PUT'])",
        "def limited(request): pass",
        "@require_POST",
        "def posted(request): pass",
      ].join("\n"),
    });
    assert.deepEqual(listed(routes), [
      "ANY /d/ Odd",
      "GET /a/ Own.get",
      "GET /b/ Generic.get",
      "GET /c/ Page.get",
      "GET /e/ limited",
      "PATCH /b/ Generic.patch",
      "POST /a/ Own.post",
      "POST /f/ posted",
      "PUT /e/ limited",
    ]);
    const odd = routes.find((route) => route.path === "/d/");
    assert.equal(odd?.confidence, "partial");
    assert.match(odd?.gaps[0]?.why ?? "", /outside of the workspace/);
    assert.equal(routes.find((route) => route.id === "route:POST:/a/")?.handlerSource?.uri, "shop/views.py");
  });

  it("C08 what is not understood is said: vendor urlconfs, unknown views, computed paths", async () => {
    const { routes, gaps } = await readFiles(
      shop(
        {
          "config/urls.py":
            "from django.conf import settings\nfrom django.urls import include, path\nfrom shop import views\nurlpatterns = [path('v/', include('vendor.urls')), path(settings.PREFIX, views.gone), path(settings.KNOWN, views.one), custom('x')]\n",
          "shop/views.py": "# django\ndef one(request):\n    pass\n",
        },
        "PREFIX = make()\nKNOWN = 'known/'\n",
      ),
    );
    assert.deepEqual(listed(routes), ["ANY /known/ one", "ANY /{PREFIX} views.gone"]);
    const gone = routes.find((route) => route.path === "/{PREFIX}");
    assert.equal(gone?.confidence, "partial");
    assert.deepEqual(
      gone?.gaps.map((gap) => gap.why),
      ["{PREFIX} is computed when the project starts", "the view views.gone was not found"],
    );
    assert.ok(gaps.some((gap) => gap.what.includes("vendor.urls") && gap.source?.uri === "config/urls.py"));
    assert.ok(gaps.some((gap) => gap.what.includes("custom")));
  });
});

describe("Django: guards", () => {
  const VIEWS = [
    REST,
    "from django.contrib.auth.decorators import login_required, permission_required",
    "from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin",
    "from django.utils.decorators import method_decorator",
    "from django.views import View",
    "from django.views.decorators.csrf import csrf_exempt",
  ].join("\n");
  const urls = (...patterns: readonly string[]) =>
    `from django.contrib.admin.views.decorators import staff_member_required\nfrom django.urls import path\nfrom shop import views\nurlpatterns = [${patterns.join(", ")}]\n`;
  const first = async (views: string, pattern: string, settings = "") =>
    (
      await routesOf({ "config/urls.py": urls(pattern), "shop/views.py": `${VIEWS}\n${views}\n` }, settings)
    )[0];

  it("C04 global: REST_FRAMEWORK's default and middleware, with the range of the setting", async () => {
    const settings =
      "MIDDLEWARE = ['django.contrib.auth.middleware.LoginRequiredMiddleware']\nREST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n";
    const route = await first(
      "class A(APIView):\n    def get(self, request): pass",
      "path('a/', views.A.as_view())",
      settings,
    );
    assert.deepEqual(guardsOf(route), [
      "LoginRequiredMiddleware middleware global require",
      "IsAuthenticated permission global require",
    ]);
    assert.deepEqual(
      route?.guards.map((guard) => [guard.source.uri, guard.source.range.start.line]),
      [
        ["config/settings.py", 4],
        ["config/settings.py", 5],
      ],
    );
  });

  it("C04 class, inherited and none: the nearest class replaces the wider place", async () => {
    const settings =
      "REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n";
    const views =
      "class Base(APIView):\n    permission_classes = [IsAdminUser]\n    def get(self, request): pass\nclass Own(Base):\n    permission_classes = (AllowAny,)\nclass Heir(Base): pass\nclass Empty(Base):\n    permission_classes = []";
    assert.deepEqual(guardsOf(await first(views, "path('a/', views.Own.as_view())", settings)), [
      "AllowAny permission class allow-any",
    ]);
    const heir = await first(views, "path('a/', views.Heir.as_view())", settings);
    assert.deepEqual(guardsOf(heir), ["IsAdminUser permission inherited require"]);
    assert.equal(heir?.guards[0]?.source.uri, "shop/views.py");
    assert.deepEqual(guardsOf(await first(views, "path('a/', views.Empty.as_view())", settings)), [
      "permission_classes = [] permission class allow-any",
    ]);
    assert.deepEqual(
      guardsOf(await first("def open(request): pass", "path('a/', views.open)", settings)),
      [],
    );
  });

  it("C04 method: decorators of functions and of actions", async () => {
    const route = await first(
      "@api_view(['POST'])\n@permission_classes([IsAdminUser | AllowAny])\ndef a(request): pass",
      "path('a/', views.a)",
    );
    assert.deepEqual(guardsOf(route), ["IsAdminUser | AllowAny permission method require"]);
    const plain = await first(
      "@csrf_exempt\n@login_required\n@permission_required('shop.view')\ndef a(request): pass",
      "path('a/', views.a)",
    );
    assert.deepEqual(guardsOf(plain), [
      "csrf_exempt csrf-exempt method allow-any",
      "login_required authentication method require",
      "permission_required(shop.view) permission method require",
    ]);
    const unknown = await first(
      "from vendor import require_tenant_role\n@require_tenant_role('x')\ndef a(request): pass",
      "path('a/', views.a)",
    );
    assert.deepEqual(guardsOf(unknown), ["require_tenant_role unknown method unknown"]);
    assert.equal(unknown?.confidence, "likely");
  });

  it("C04 mixins, method_decorator and what the urlconf wraps around", async () => {
    const views =
      "class A(LoginRequiredMixin, View):\n    def get(self, request): pass\nclass B(PermissionRequiredMixin, A):\n    permission_required = 'shop.change'\n@method_decorator(login_required, name='dispatch')\nclass C(View):\n    @method_decorator(csrf_exempt)\n    def dispatch(self, *args): pass\n    def get(self, request): pass";
    assert.deepEqual(guardsOf(await first(views, "path('a/', views.B.as_view())")), [
      "PermissionRequiredMixin(shop.change) permission class require",
      "LoginRequiredMixin authentication inherited require",
    ]);
    assert.deepEqual(guardsOf(await first(views, "path('a/', views.C.as_view())")), [
      "login_required authentication class require",
      "csrf_exempt csrf-exempt class allow-any",
    ]);
    const wrapped = await first(views, "path('a/', staff_member_required(views.A.as_view()))");
    assert.deepEqual(guardsOf(wrapped), [
      "staff_member_required permission group require",
      "LoginRequiredMixin authentication class require",
    ]);
    assert.equal(wrapped?.guards[0]?.source.uri, "config/urls.py");
    for (const guard of wrapped?.guards ?? []) assert.match(guard.source.hash, /^[0-9a-f]{16}$/);
  });

  it("C04 get_permissions: simple branches are followed, others are said to be unknown", async () => {
    const view = (body: string) =>
      `class A(viewsets.ModelViewSet):\n    permission_classes = [IsAuthenticated]\n    def get_permissions(self):\n${body.replace(/^/gm, "        ")}`;
    const at = async (body: string, action: string) =>
      guardsOf(await first(view(body), `path('a/', views.A.as_view({'get': '${action}'}))`));
    const documented =
      "if self.action == 'list':\n    permission_classes = [AllowAny]\nelse:\n    permission_classes = [IsAdminUser]\nreturn [permission() for permission in permission_classes]";
    assert.deepEqual(await at(documented, "list"), ["AllowAny permission class allow-any"]);
    assert.deepEqual(await at(documented, "retrieve"), ["IsAdminUser permission class require"]);
    const base =
      "if self.action in ('list', 'retrieve'):\n    return [AllowAny()]\nreturn super().get_permissions()";
    assert.deepEqual(await at(base, "retrieve"), ["AllowAny permission class allow-any"]);
    assert.deepEqual(await at(base, "destroy"), ["IsAuthenticated permission class require"]);
    const other = "if self.request.user.is_staff:\n    return [AllowAny()]\nreturn [IsAdminUser()]";
    assert.deepEqual(await at(other, "list"), ["get_permissions() permission class unknown"]);
    const loop = "for each in make():\n    return [AllowAny()]\nreturn [IsAdminUser()]";
    assert.deepEqual(await at(loop, "list"), ["get_permissions() permission class unknown"]);
  });

  it("C04 conditions about action and method are decided, anything else is left open", () => {
    const request = { action: "list", method: "GET" };
    const cases: readonly (readonly [string, boolean | null])[] = [
      ["self.action == 'list'", true],
      ["self.action != 'list'", false],
      ["self.action in ['create', 'update']", false],
      ["self.action not in ('create',)", true],
      ["not (self.action == 'list')", false],
      ["self.request.method in permissions.SAFE_METHODS", true],
      ["self.action == 'list' and self.request.method == 'POST'", false],
      ["self.action == 'create' or self.request.method == 'GET'", true],
      ["self.request.user.is_staff", null],
      ["self.action == 'list' and self.request.user.is_staff", null],
      ["self.action == 'create' and self.request.user.is_staff", false],
      ["…", null],
    ];
    for (const [condition, value] of cases) assert.equal(holds([condition], request), value, condition);
  });
});

describe("Django: shapes", () => {
  it("C06 serializers take their fields from declarations and from the model", async () => {
    const routes = await routesOf({
      "config/urls.py":
        "from rest_framework.routers import SimpleRouter\nfrom shop import views\nr = SimpleRouter()\nr.register('a', views.A)\nr.register('b', views.B)\nurlpatterns = r.urls\n",
      "shop/models.py":
        "from django.db import models\nclass Thing(models.Model):\n    name = models.CharField(max_length=9)\n    note = models.TextField(blank=True)\n    made = models.DateTimeField(auto_now_add=True)\n    secret = models.CharField(max_length=3, editable=False)\n",
      "shop/views.py": [
        REST,
        "from shop.models import Thing",
        "class AllSerializer(serializers.ModelSerializer):",
        "    extra = serializers.CharField(required=False)",
        "    class Meta:",
        "        model = Thing",
        "        fields = '__all__'",
        "        read_only_fields = ['note']",
        "class SomeSerializer(AllSerializer):",
        "    class Meta(AllSerializer.Meta):",
        "        fields = None",
        "        exclude = ('made', 'secret', 'extra')",
        "        extra_kwargs = {'name': {'required': False}}",
        "class A(viewsets.ModelViewSet):",
        "    queryset = Thing.objects.all()",
        "    serializer_class = AllSerializer",
        "class B(viewsets.ModelViewSet):",
        "    model = Thing",
        "    def get_serializer_class(self):",
        "        if self.action == 'create':",
        "            return SomeSerializer",
        "        return AllSerializer",
      ].join("\n"),
    });
    const shape = (id: string) => routes.find((route) => route.id === id)?.body;
    assert.deepEqual(
      shape("route:POST:/a/")?.fields.map(
        (field) => `${field.name} ${field.type} ${field.required} ${field.readOnly}`,
      ),
      [
        "id BigAutoField false true",
        "name varchar(9) true false",
        "note text false true",
        "made timestamp with time zone false true",
        "secret varchar(3) false true",
        "extra CharField false false",
      ],
    );
    assert.equal(shape("route:POST:/a/")?.modelId, "model:shop.Thing");
    assert.deepEqual(
      shape("route:POST:/b/")?.fields.map((field) => `${field.name} ${field.required}`),
      ["id false", "name false", "note false"],
    );
    assert.equal(shape("route:PUT:/b/<pk>/")?.name, "AllSerializer");
    assert.deepEqual(routes.find((route) => route.id === "route:DELETE:/b/<pk>/")?.modelIds, [
      "model:shop.Thing",
    ]);
  });
});
