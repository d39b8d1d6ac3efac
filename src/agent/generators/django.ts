import { AksaraError } from "../../errors.ts";
import type { Model } from "../../workspace/ir/model.ts";
import {
  appended,
  demandNew,
  type FieldSpec,
  fileIn,
  folderOf,
  type Generated,
  type GeneratorContext,
  insertAfterLast,
  kebab,
  type ModelSpec,
  pascal,
  plural,
  referenced,
  type StackGenerator,
  snake,
} from "./generator.ts";
import {
  groupedImports,
  type PythonStyle,
  pythonStyle,
  pythonValue,
  withExport,
  withImport,
} from "./python-style.ts";

/** Django, with Django REST framework for viewsets. */
export const djangoGenerator: StackGenerator = { title: "Django", model, viewset, test };

async function model(spec: ModelSpec, context: GeneratorContext): Promise<Generated> {
  const app = await appFor(spec.path, context);
  const name = pascal(spec.name);
  const own = await context.readText(fileIn(app, "models.py"));
  const isPackage = own === null && (await context.readText(fileIn(app, "models/__init__.py"))) !== null;
  const uri = isPackage ? fileIn(app, `models/${snake(name)}.py`) : fileIn(app, "models.py");
  demandNew(name, uri, context);
  const sibling =
    own ??
    (await context.readText(context.catalog.models.find((each) => each.stack === "django")?.uri ?? "")) ??
    "";
  const style = pythonStyle(sibling);
  const lines = spec.fields.map(
    (field) => `    ${snake(field.name)} = ${fieldText(field, app, context, style)}`,
  );
  if (spec.timestamps)
    lines.push(
      "    created_at = models.DateTimeField(auto_now_add=True)",
      "    updated_at = models.DateTimeField(auto_now=True)",
    );
  const shown = spec.fields.find(({ type, references }) => type === "string" && references === undefined);
  const text =
    shown && !shown.nullable ? `self.${snake(shown.name)}` : `f${style.string(`${name} {self.pk}`)}`;
  const body = `class ${name}(models.Model):\n${lines.join("\n")}\n\n    def __str__(self):\n        return ${text}\n`;
  if (!isPackage)
    return {
      files: [{ uri, content: appended(withImport(own ?? "", "django.db", ["models"]), body) }],
      notes: NEXT,
    };
  const index = fileIn(app, "models/__init__.py");
  const listing = (await context.readText(index)) ?? "";
  const from = /^from \.\w+ import/m.test(listing)
    ? `.${snake(name)}`
    : `${moduleOf(app, await rootOf(app, context))}.models.${snake(name)}`;
  return {
    files: [
      { uri, content: `from django.db import models\n\n\n${body}` },
      {
        uri: index,
        content: withExport(withImport(listing, from, [name]).replace(/\n{3,}$/, "\n"), name, style),
      },
    ],
    notes: NEXT,
  };
}

const NEXT = ["create_migration writes the migration for it."];

function fieldText(field: FieldSpec, app: string, context: GeneratorContext, style: PythonStyle): string {
  const target = referenced(field, context.catalog);
  const parts: string[] = [];
  const empty = field.nullable ? ["null=True", "blank=True"] : [];
  const more = [
    ...(field.unique && target === null ? ["unique=True"] : []),
    ...(field.indexed && target === null && !field.unique ? ["db_index=True"] : []),
    ...(field.default === undefined ? [] : [`default=${pythonValue(field.default, style)}`]),
    ...empty,
  ];
  if (target) {
    const actions = { cascade: "CASCADE", restrict: "PROTECT", "set-null": "SET_NULL" } as const;
    if (field.on_delete === "set-null" && !field.nullable)
      throw new AksaraError("TOOL_INPUT_INVALID", `${field.name}: set-null needs nullable.`);
    const own =
      target.namespace === app.split("/").at(-1) ? target.name : `${target.namespace}.${target.name}`;
    const kind = field.unique ? "OneToOneField" : "ForeignKey";
    return `models.${kind}(${[style.string(own), `on_delete=models.${actions[field.on_delete]}`, ...more].join(", ")})`;
  }
  if (field.type === "string") parts.push(`max_length=${field.length ?? 200}`);
  if (field.type === "decimal") parts.push("max_digits=12", "decimal_places=2");
  if (field.type === "json" && field.default === undefined && !field.nullable) parts.push("default=dict");
  const kinds: Readonly<Record<FieldSpec["type"], string>> = {
    string: "CharField",
    text: "TextField",
    integer: "IntegerField",
    bigint: "BigIntegerField",
    decimal: "DecimalField",
    float: "FloatField",
    boolean: "BooleanField",
    date: "DateField",
    datetime: "DateTimeField",
    uuid: "UUIDField",
    json: "JSONField",
  };
  return `models.${kinds[field.type]}(${[...parts, ...more].join(", ")})`;
}

async function viewset(target: Model, context: GeneratorContext): Promise<Generated> {
  const app = appFolderOf(target);
  const root = await rootOf(app, context);
  const module = moduleOf(app, root);
  const handlers = context.catalog.routes.filter(({ stack }) => stack === "django");
  if (handlers.some(({ handler, modelIds }) => /ViewSet\./.test(handler) && modelIds.includes(target.id)))
    throw new AksaraError("TOOL_INPUT_INVALID", `There is a viewset for ${target.name} already.`, {
      hint: "list_routes shows it; change it with patch_file.",
    });
  const inApp = handlers.find(
    ({ handler, handlerSource }) => /ViewSet\./.test(handler) && handlerSource?.uri.startsWith(`${app}/`),
  );
  const viewsUri =
    inApp?.handlerSource?.uri ??
    fileIn(app, (await context.readText(fileIn(app, "viewsets.py"))) === null ? "views.py" : "viewsets.py");
  const views = (await context.readText(viewsUri)) ?? "";
  const serializersUri = fileIn(app, "serializers.py");
  const serializers = (await context.readText(serializersUri)) ?? "";
  const urlsUri = fileIn(app, "urls.py");
  const urls = (await context.readText(urlsUri)) ?? "";
  const style = pythonStyle(views === "" ? urls : views);
  const names = target.fields
    .filter(({ column }) => column !== null)
    .map(({ name }) => name)
    .filter((name) => !/password|secret|token/i.test(name));
  const left = target.fields
    .filter(({ name }) => /password|secret|token/i.test(name))
    .map(({ name }) => name);
  const serializer = `${target.name}Serializer`;
  const view = `${target.name}ViewSet`;
  const importFrom = modelsModule(target, module);
  const hasSerializer = new RegExp(`^class ${serializer}\\b`, "m").test(serializers);
  const list = `[\n${names.map((name) => `            ${style.string(name)},\n`).join("")}        ]`;
  const serializerText = `class ${serializer}(serializers.ModelSerializer):\n    class Meta:\n        model = ${target.name}\n        fields = ${list}\n`;
  const newSerializers = appended(
    withImport(withImport(serializers, "rest_framework", ["serializers"]), importFrom, [target.name]),
    serializerText,
  );
  const viewText = `class ${view}(viewsets.ModelViewSet):\n    queryset = ${target.name}.objects.order_by(${style.string("pk")})\n    serializer_class = ${serializer}\n    permission_classes = [permissions.IsAuthenticated]\n`;
  const newViews = appended(
    withImport(
      withImport(withImport(views, "rest_framework", ["permissions", "viewsets"]), importFrom, [target.name]),
      `${module}.serializers`,
      [serializer],
    ),
    viewText,
  );
  const viewModule = viewsUri.split("/").at(-1)?.replace(/\.py$/, "") ?? "views";
  return {
    files: [
      ...(hasSerializer ? [] : [{ uri: serializersUri, content: newSerializers }]),
      { uri: viewsUri, content: newViews },
      {
        uri: urlsUri,
        content: registered(urls, { module, viewModule, view, prefix: plural(kebab(target.name)) }, style),
      },
    ],
    notes: [
      "Only people who are signed in may use it; narrow permission_classes where that is too much.",
      ...(left.length === 0 ? [] : [`Left out of the serializer: ${left.join(", ")}.`]),
      ...(urls === "" ? [`Include ${module}.urls in the project's urls.`] : []),
    ],
  };
}

interface Registration {
  readonly module: string;
  readonly viewModule: string;
  readonly view: string;
  readonly prefix: string;
}

/** The app's urls with a viewset registered: in the router that is there, else in a new one. */
function registered(
  urls: string,
  { module, viewModule, view, prefix }: Registration,
  style: PythonStyle,
): string {
  const isByModule = new RegExp(
    `^from (?:${module.replaceAll(".", "\\.")}|\\.) import [^\\n]*\\b${viewModule}\\b`,
    "m",
  ).test(urls);
  const reference = isByModule ? `${viewModule}.${view}` : view;
  const withView = isByModule ? urls : withImport(urls, `${module}.${viewModule}`, [view]);
  const [, router] = /^(\w+)\s*=\s*(?:routers\.)?(?:Default|Simple)Router\(/m.exec(urls) ?? [];
  if (router !== undefined) {
    const line = `${router}.register(${style.string(prefix)}, ${reference})\n`;
    const behind =
      insertAfterLast(withView, new RegExp(`^${router}\\.register\\([^\\n]*\\n`, "m"), line) ??
      insertAfterLast(withView, new RegExp(`^${router}\\s*=[^\\n]*\\n`, "m"), line);
    if (behind !== null) return behind;
  }
  const withRouter = withImport(
    withImport(withView, "django.urls", ["include", "path"]),
    "rest_framework.routers",
    ["DefaultRouter"],
  );
  const entry = `    path(${style.string("")}, include(router.urls)),\n`;
  const setup = `router = DefaultRouter()\nrouter.register(${style.string(prefix)}, ${reference})\n\n`;
  const at = withRouter.search(/^(?:app_name|urlpatterns)\b/m);
  if (at === -1) return appended(withRouter, `${setup}urlpatterns = [\n${entry}]\n`, 1);
  const made = withRouter.slice(0, at) + setup + withRouter.slice(at);
  return made.replace(
    /(^urlpatterns\s*=\s*\[\n?)([\s\S]*?)(^\])/m,
    (_, head: string, body: string, end: string) => `${head}${body}${entry}${end}`,
  );
}

async function test(target: Model, context: GeneratorContext): Promise<Generated> {
  const app = appFolderOf(target);
  const root = await rootOf(app, context);
  const module = moduleOf(app, root);
  const single = await context.readText(fileIn(app, "tests.py"));
  const folder = fileIn(app, "tests");
  const uri = single === null ? fileIn(folder, `test_${snake(target.name)}.py`) : fileIn(app, "tests.py");
  if (single === null && (await context.readText(uri)) !== null)
    throw new AksaraError("TOOL_INPUT_INVALID", `${uri} is there already.`, {
      hint: "Change it with patch_file.",
    });
  const sibling = (await context.list(folder)).find((each) => /\/test_\w+\.py$/.test(each));
  const example =
    single ??
    (sibling ? await context.readText(sibling) : null) ??
    (await context.readText(target.uri)) ??
    "";
  const style = pythonStyle(example);
  const isPytest = /^import pytest|@pytest\.mark\.django_db/m.test(example);
  const importFrom = modelsModule(target, module);
  const imports = new Map<string, Set<string>>([[importFrom, new Set([target.name])]]);
  const values = valuesOf(target, { context, root, style, imports }, 0);
  const read = target.fields.find(
    ({ type, primaryKey, column }) =>
      !primaryKey && column !== null && /string|text|integer/.test(type.logical),
  );
  const check = (saved: string) =>
    isPytest
      ? [
          `    assert ${saved}.pk is not None`,
          ...(read
            ? [`    assert ${target.name}.objects.get(pk=${saved}.pk).${read.name} == ${saved}.${read.name}`]
            : []),
        ]
      : [
          `        self.assertIsNotNone(${saved}.pk)`,
          ...(read
            ? [
                `        self.assertEqual(${target.name}.objects.get(pk=${saved}.pk).${read.name}, ${saved}.${read.name})`,
              ]
            : []),
        ];
  const created = `${target.name}.objects.create(${values.join(", ")})`;
  const unique = target.fields.find((field) => field.unique && !field.primaryKey && field.column !== null);
  const body = isPytest
    ? `@pytest.mark.django_db\ndef test_${snake(target.name)}_is_kept():\n    saved = ${created}\n${check("saved").join("\n")}\n`
    : [
        `class ${target.name}Tests(TestCase):`,
        "    def make(self):",
        `        return ${created}`,
        "",
        "    def test_is_kept(self):",
        "        saved = self.make()",
        ...check("saved"),
        ...(unique
          ? [
              "",
              `    def test_${unique.name}_is_unique(self):`,
              "        self.make()",
              "        with self.assertRaises(IntegrityError):",
              "            self.make()",
            ]
          : []),
        "",
      ].join("\n");
  let source = single ?? "";
  if (isPytest) source = /^import pytest/m.test(source) ? source : `import pytest\n${source}`;
  else source = withImport(source, "django.test", ["TestCase"]);
  if (unique && !isPytest) source = withImport(source, "django.db", ["IntegrityError"]);
  for (const [from, names] of imports) source = withImport(source, from, [...names]);
  const files = [{ uri, content: appended(single === null ? groupedImports(source) : source, body) }];
  const index = fileIn(folder, "__init__.py");
  if (single === null && (await context.readText(index)) === null) files.push({ uri: index, content: "" });
  return { files, notes: [] };
}

/** What rows are made with. */
interface Making {
  readonly context: GeneratorContext;
  readonly root: string;
  readonly style: PythonStyle;
  /** Names that must be imported, by module. */
  readonly imports: Map<string, Set<string>>;
}

function modelsModule({ uri }: Model, app: string): string {
  if (/\/models\/[^/]+$/.test(uri)) return `${app}.models`;
  return `${app}.${uri.split("/").at(-1)?.replace(/\.py$/, "")}`;
}

/** Arguments that make a row: what the database demands and gives no value for itself. */
function valuesOf(target: Model, making: Making, depth: number): readonly string[] {
  const { context, root, style, imports } = making;
  const need = (from: string, name: string) => imports.set(from, (imports.get(from) ?? new Set()).add(name));
  return target.fields.flatMap((field) => {
    if (field.nullable || field.default !== null || field.generated || field.column === null) return [];
    if (
      /auto_now/.test(field.type.declared) ||
      (field.primaryKey && /int|serial/i.test(field.type.native ?? field.type.logical))
    )
      return [];
    const relation = target.relations.find(
      (each) => each.direction === "forward" && each.name === field.name,
    );
    if (relation) {
      const other = context.catalog.model(relation.targetId ?? "");
      if (!other || depth > 2 || other.id === target.id) return [];
      need(modelsModule(other, moduleOf(appFolderOf(other), root)), other.name);
      return [`${field.name}=${other.name}.objects.create(${valuesOf(other, making, depth + 1).join(", ")})`];
    }
    const [choice] = field.type.values;
    if (choice !== undefined) return [`${field.name}=${style.string(choice)}`];
    switch (field.type.logical) {
      case "string":
      case "text":
        return [
          `${field.name}=${style.string(/email/i.test(field.name) ? "someone@example.com" : field.name.slice(0, field.type.length ?? 200))}`,
        ];
      case "integer":
      case "bigint":
      case "smallint":
      case "float":
        return [`${field.name}=1`];
      case "decimal":
        need("decimal", "Decimal");
        return [`${field.name}=Decimal(${style.string("1.00")})`];
      case "boolean":
        return [`${field.name}=True`];
      case "date":
        need("datetime", "date");
        return [`${field.name}=date(2026, 1, 31)`];
      case "datetime":
        if (/_at$/.test(field.name) && /auto/i.test(field.type.declared)) return [];
        need("django.utils", "timezone");
        return [`${field.name}=timezone.now()`];
      case "uuid":
        need("uuid", "uuid4");
        return [`${field.name}=uuid4()`];
      case "json":
        return [`${field.name}={}`];
      default:
        return [];
    }
  });
}

async function appFor(path: string, { catalog, readText }: GeneratorContext): Promise<string> {
  const apps = [...new Set(catalog.models.filter(({ stack }) => stack === "django").map(appFolderOf))].sort();
  const wanted = path.replace(/\/+$/, "").replace(/\/models(?:\.py)?$/, "");
  if (wanted !== "") {
    const found = apps.find((app) => app === wanted || app.endsWith(`/${wanted}`));
    if (found !== undefined) return found;
    for (const file of ["models.py", "apps.py", "__init__.py"])
      if ((await readText(fileIn(wanted, file))) !== null) return wanted;
  } else if (apps[0] !== undefined && apps.length === 1) return apps[0];
  throw new AksaraError(
    wanted === "" ? "AMBIGUOUS_TARGET" : "CONTEXT_NOT_FOUND",
    wanted === ""
      ? "There are several apps: say with path which one it belongs to."
      : `There is no app ${wanted}.`,
    { hint: `Apps are ${apps.join(", ")}.`, candidates: apps },
  );
}

function appFolderOf({ uri }: Model): string {
  return folderOf(uri.replace(/\/models\/[^/]+$/, "/models.py"));
}

/** A folder as Python imports it: below the nearest one with manage.py. */
async function rootOf(folder: string, { readText }: GeneratorContext): Promise<string> {
  const segments = folder.split("/");
  for (let depth = segments.length; depth > 0; depth--) {
    const root = segments.slice(0, depth).join("/");
    if ((await readText(fileIn(root, "manage.py"))) !== null) return root;
  }
  return "";
}

function moduleOf(folder: string, root: string): string {
  return (root === "" ? folder : folder.slice(root.length + 1)).replaceAll("/", ".");
}
