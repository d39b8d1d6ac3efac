import assert from "node:assert/strict";
import type { Model } from "../../../../../src/workspace/ir/model.ts";
import { readFiles, shop } from "./read-workspace.ts";

const HEAD = "from django.db import models\n";

async function modelsOf(
  files: Readonly<Record<string, string>>,
  settings = "",
): Promise<ReadonlyMap<string, Model>> {
  const { models } = await readFiles(shop(files, settings));
  return new Map(models.map((model) => [model.qualifiedName, model]));
}

/** One model `Thing` of app `shop` with the given body. */
async function thing(body: string, head = HEAD, settings = ""): Promise<Model> {
  const indented = body.replace(/^(?=.)/gm, "    ");
  const found = (
    await modelsOf({ "shop/models.py": `${head}\n\nclass Thing(models.Model):\n${indented}\n` }, settings)
  ).get("shop.Thing");
  assert.ok(found);
  return found;
}

const field = (model: Model | undefined, name: string) => model?.fields.find((each) => each.name === name);

describe("Django: fields", () => {
  const natives: readonly (readonly [declaration: string, native: string])[] = [
    ["models.CharField(max_length=200)", "varchar(200)"],
    ["models.CharField()", "varchar"],
    ["models.TextField()", "text"],
    ["models.SlugField()", "varchar(50)"],
    ["models.EmailField()", "varchar(254)"],
    ["models.URLField()", "varchar(200)"],
    ["models.FileField()", "varchar(100)"],
    ["models.IntegerField()", "integer"],
    ["models.BigIntegerField()", "bigint"],
    ["models.PositiveSmallIntegerField()", "smallint"],
    ["models.DecimalField(max_digits=12, decimal_places=2)", "numeric(12, 2)"],
    ["models.FloatField()", "double precision"],
    ["models.BooleanField()", "boolean"],
    ["models.DateField()", "date"],
    ["models.DateTimeField()", "timestamp with time zone"],
    ["models.TimeField()", "time"],
    ["models.DurationField()", "interval"],
    ["models.UUIDField()", "uuid"],
    ["models.JSONField()", "jsonb"],
    ["models.BinaryField()", "bytea"],
    ["models.GenericIPAddressField()", "inet"],
    ["ArrayField(models.CharField(max_length=10))", "varchar(10)[]"],
    ["ArrayField(base_field=ArrayField(models.IntegerField()))", "integer[][]"],
    ["DateRangeField()", "daterange"],
    ["SearchVectorField(null=True)", "tsvector"],
    [
      "models.GeneratedField(expression=F('a'), output_field=models.IntegerField(), db_persist=True)",
      "integer",
    ],
  ];

  it("C01 every field class has PostgreSQL's type", async () => {
    const head = `${HEAD}from django.contrib.postgres.fields import ArrayField, DateRangeField\nfrom django.contrib.postgres.search import SearchVectorField\n`;
    const model = await thing(natives.map(([text], at) => `f${at} = ${text}`).join("\n"), head);
    for (const [at, [text, native]] of natives.entries())
      assert.equal(field(model, `f${at}`)?.type.native, native, text);
    assert.equal(field(model, `f${natives.length - 1}`)?.generated, true);
  });

  it("C01 the implicit key follows app, settings and Django's own default", async () => {
    assert.equal(field(await thing("n = models.IntegerField()"), "id")?.type.native, "bigint");
    assert.equal(
      field(
        await thing(
          "n = models.IntegerField()",
          HEAD,
          "del DEFAULT_AUTO_FIELD\nDEFAULT_AUTO_FIELD = 'django.db.models.AutoField'\n",
        ),
        "id",
      )?.type.native,
      "integer",
    );
    const models = await modelsOf({
      "shop/apps.py":
        "from django.apps import AppConfig\nclass ShopConfig(AppConfig):\n    name = 'shop'\n    label = 'store'\n    default_auto_field = 'django.db.models.SmallAutoField'\n",
      "shop/models.py": `${HEAD}class Thing(models.Model):\n    pass\n`,
    });
    const model = models.get("store.Thing");
    assert.equal(field(model, "id")?.type.native, "smallint");
    assert.equal(model?.table, "store_thing");
  });

  it("C01 choices are read from every form they are written in", async () => {
    const head = `${HEAD}from django.utils.translation import gettext_lazy as _\nSIZES = [("s", "Small"), ("l", _("Large"))]\nclass Level(models.IntegerChoices):\n    LOW = 1\n    HIGH = 2, _("High")\n`;
    const model = await thing(
      [
        "class Kind(models.TextChoices):",
        "    A = 'a', _('First')",
        "    B = 'b'",
        "COLOURS = (('Warm', (('red', 'Red'),)), ('blue', 'Blue'))",
        "kind = models.CharField(max_length=1, choices=Kind.choices, default=Kind.B)",
        "bare = models.CharField(max_length=1, choices=Kind)",
        "level = models.IntegerField(choices=Level.choices, default=Level.HIGH)",
        "size = models.CharField(max_length=1, choices=SIZES)",
        "colour = models.CharField(max_length=4, choices=COLOURS)",
        "computed = models.CharField(max_length=4, choices=make())",
      ].join("\n"),
      head,
    );
    assert.deepEqual(field(model, "kind")?.type.values, ["a", "b"]);
    assert.deepEqual(field(model, "kind")?.default, { kind: "literal", text: '"b"' });
    assert.deepEqual(field(model, "bare")?.type.values, ["a", "b"]);
    assert.deepEqual(field(model, "level")?.type.values, ["1", "2"]);
    assert.deepEqual(field(model, "level")?.default, { kind: "literal", text: "2" });
    assert.deepEqual(field(model, "size")?.type.values, ["s", "l"]);
    assert.deepEqual(field(model, "colour")?.type.values, ["red", "blue"]);
    assert.deepEqual(field(model, "computed")?.type.values, []);
  });

  it("C01 defaults tell literals, the application and the database apart", async () => {
    const model = await thing(
      [
        "a = models.IntegerField(default=0)",
        "b = models.DateTimeField(default=timezone.now)",
        "c = models.DateTimeField(db_default=Now())",
        "d = models.DateTimeField(auto_now_add=True)",
        "e = models.JSONField(default=dict)",
        "f = models.CharField(max_length=MAX, null=True, db_column='eff', db_index=True)",
      ].join("\n"),
      `${HEAD}from django.utils import timezone\nfrom django.db.models.functions import Now\nMAX = 4 * 10\n`,
    );
    const kinds = ["a", "b", "c", "d", "e"].map(
      (name) => `${field(model, name)?.default?.kind} ${field(model, name)?.default?.text}`,
    );
    assert.deepEqual(kinds, [
      "literal 0",
      "application timezone.now",
      "database Now()",
      "application auto_now_add",
      "application dict",
    ]);
    const f = field(model, "f");
    assert.deepEqual(
      [f?.type.native, f?.nullable, f?.column, f?.indexed],
      ["varchar(40)", true, "eff", true],
    );
  });

  it("C01 field classes of the workspace behave as what they are built on", async () => {
    const models = await modelsOf({
      "shop/fields.py": [
        HEAD,
        "class CodeField(models.CharField):",
        "    def __init__(self, *args, **kwargs):",
        "        kwargs.setdefault('max_length', 12)",
        "        super().__init__(*args, unique=True, **kwargs)",
        "class PointField(models.Field):",
        "    def db_type(self, connection):",
        "        return 'point'",
        "class AsText(models.Field):",
        "    def get_internal_type(self):",
        "        return 'TextField'",
        "class Virtual(models.Field):",
        "    pass",
      ].join("\n"),
      "shop/models.py": `${HEAD}from shop import fields\nclass Thing(models.Model):\n    code = fields.CodeField()\n    at = fields.PointField()\n    text = fields.AsText()\n    nothing = fields.Virtual()\n`,
    });
    const model = models.get("shop.Thing");
    assert.deepEqual(
      model?.fields.map((each) => `${each.name} ${each.type.declared} ${each.type.native} ${each.unique}`),
      [
        "id BigAutoField bigint true",
        "code CodeField varchar(12) true",
        "at PointField point false",
        "text AsText text false",
      ],
    );
  });

  it("C08 a field class of a package is known by its documentation, or said to be understood in part", async () => {
    const known = await thing(
      "phone = PhoneNumberField(blank=True)",
      `${HEAD}from phonenumber_field.modelfields import PhoneNumberField\n`,
    );
    assert.equal(field(known, "phone")?.type.native, "varchar(128)");
    assert.equal(known.confidence, "certain");
    const unknown = await thing(
      "secret = EncryptedTextField()",
      `${HEAD}from vault.fields import EncryptedTextField\n`,
    );
    assert.equal(field(unknown, "secret")?.type.native, null);
    assert.equal(unknown.confidence, "partial");
    assert.match(unknown.gaps[0]?.why ?? "", /vault\.fields\.EncryptedTextField/);
    assert.equal(unknown.gaps[0]?.source?.uri, "shop/models.py");
  });
});

describe("Django: inheritance", () => {
  it("C01 follows abstract bases across files, re-exports and star imports", async () => {
    const models = await modelsOf({
      "core/models/__init__.py": "from .base import *\nfrom .stamped import Stamped\n",
      "core/models/base.py": `${HEAD}class Root(models.Model):\n    created = models.DateTimeField()\n    class Meta:\n        abstract = True\n        ordering = ['-created']\n`,
      "core/models/stamped.py":
        "from core.models import Root\nclass Stamped(Root):\n    class Meta(Root.Meta):\n        abstract = True\n        verbose_name = 'x'\n",
      "shop/models.py":
        "from core import models as base\nclass Thing(base.Stamped):\n    pass\nclass Other(base.Root):\n    created = None\n",
    });
    const model = models.get("shop.Thing");
    assert.deepEqual(
      model?.fields.map((each) => [each.name, each.inheritedFrom]),
      [
        ["id", null],
        ["created", "core.Root"],
      ],
    );
    assert.deepEqual(model?.ordering, ["-created"], "Meta of the base of the base");
    assert.equal(model?.abstract, false);
    assert.match(model?.reason ?? "", /django\.db\.models\.Model through Stamped, Root/);
    assert.deepEqual(
      models.get("shop.Other")?.fields.map((each) => each.name),
      ["id"],
      "name = None removes a field",
    );
  });

  it("C01 children have a link to their parent's table, proxies have none of their own", async () => {
    const models = await modelsOf({
      "shop/models.py": [
        HEAD,
        "class Mixin:",
        "    ignored = models.IntegerField()",
        "class Parent(models.Model):",
        "    name = models.CharField(max_length=5)",
        "    class Meta:",
        "        ordering = ['name']",
        "        indexes = [models.Index(fields=['name'], name='only_parent')]",
        "class Child(Mixin, Parent):",
        "    extra = models.IntegerField()",
        "class Linked(Parent):",
        "    up = models.OneToOneField(Parent, on_delete=models.CASCADE, parent_link=True, related_name='down')",
        "class Shown(Parent):",
        "    class Meta:",
        "        proxy = True",
      ].join("\n"),
    });
    const child = models.get("shop.Child");
    assert.deepEqual(
      child?.fields.map((each) => each.column),
      ["parent_ptr_id", "extra"],
    );
    assert.deepEqual(
      child?.indexes.map((each) => each.name),
      [null],
      "indexes of a parent with a table stay there",
    );
    assert.deepEqual(child?.ordering, ["name"]);
    assert.deepEqual(
      models.get("shop.Linked")?.fields.map((each) => [each.column, each.primaryKey]),
      [["up_id", true]],
    );
    const proxy = models.get("shop.Shown");
    assert.deepEqual([proxy?.table, proxy?.proxyOf, proxy?.fields.length], ["shop_parent", "shop.Parent", 0]);
  });

  it("C01 imports and classes that go in circles end", async () => {
    const models = await modelsOf({
      "shop/a.py": "from shop.b import *\nfrom shop.b import B\nclass A(B):\n    pass\n",
      "shop/b.py": "from shop.a import *\nfrom shop.a import A\nclass B(A):\n    pass\n",
      "shop/models.py": `${HEAD}from shop.a import *\nclass Thing(models.Model):\n    pass\nclass Loop(Loop, Missing):\n    pass\n`,
    });
    assert.deepEqual([...models.keys()], ["shop.Thing"]);
  });

  it("C01 two apps of one label keep their models apart", async () => {
    const { models } = await readFiles({
      "one/app/models.py": `${HEAD}class Thing(models.Model):\n    pass\n`,
      "two/app/models.py": `${HEAD}class Thing(models.Model):\n    pass\n`,
    });
    assert.equal(new Set(models.map((each) => each.id)).size, 2);
    assert.equal(new Set(models.map((each) => each.qualifiedName)).size, 2);
  });
});

describe("Django: relations, indexes and constraints", () => {
  it("C01 names the other end in every way that Django knows", async () => {
    const models = await modelsOf(
      {
        "users/models.py": `${HEAD}from django.contrib.auth.models import AbstractBaseUser\nclass Account(AbstractBaseUser):\n    email = models.EmailField(unique=True, primary_key=True)\n`,
        "shop/models.py": [
          HEAD,
          "from django.conf import settings",
          "from django.contrib.auth import get_user_model",
          "class Owned(models.Model):",
          "    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name='%(app_label)s_%(class)ss')",
          "    class Meta:",
          "        abstract = True",
          "class Thing(Owned):",
          "    later = models.ForeignKey('Later', on_delete=models.SET_NULL, null=True, to_field='code')",
          "    friends = models.ManyToManyField('self')",
          "    maker = models.ForeignKey(get_user_model(), on_delete=models.PROTECT, related_name='+', db_constraint=False)",
          "    tags = models.ManyToManyField('shop.Later', through='shop.Link', related_name='tagged')",
          "    plain = models.ManyToManyField('shop.Later', db_table='thing_plain')",
          "class Later(models.Model):",
          "    code = models.CharField(max_length=7, unique=True)",
          "class Link(models.Model):",
          "    thing = models.ForeignKey(Thing, on_delete=models.CASCADE)",
          "    later = models.OneToOneField('Later', on_delete=models.DO_NOTHING)",
          "    class Meta:",
          "        default_related_name = 'links'",
        ].join("\n"),
      },
      "AUTH_USER_MODEL = 'users.Account'\n",
    );
    const relation = (model: string, name: string) =>
      models.get(model)?.relations.find((each) => each.name === name);
    assert.equal(relation("shop.Thing", "owner")?.target, "users.Account");
    assert.equal(relation("users.Account", "shop_things")?.direction, "reverse");
    assert.deepEqual(relation("shop.Thing", "later")?.targetColumns, ["code"]);
    const thing = models.get("shop.Thing");
    assert.equal(field(thing, "later")?.type.native, "varchar(7)");
    assert.equal(field(thing, "owner")?.type.native, "varchar(254)");
    assert.equal(relation("shop.Thing", "friends")?.inverse, null, "symmetrical");
    assert.equal(relation("shop.Thing", "friends")?.through, "shop_thing_friends");
    assert.deepEqual(
      [relation("shop.Thing", "maker")?.enforced, relation("shop.Thing", "maker")?.inverse],
      [false, null],
    );
    assert.equal(relation("shop.Thing", "tags")?.through, "shop.Link");
    assert.equal(relation("shop.Thing", "plain")?.through, "thing_plain");
    assert.equal(relation("shop.Later", "thing_set")?.inverse, "later");
    assert.equal(relation("shop.Later", "links")?.kind, "one-to-one");
    assert.equal(relation("shop.Thing", "links")?.kind, "one-to-many");
  });

  it("C01 reads indexes with methods, classes, expressions and the name Django makes up", async () => {
    const model = await thing(
      [
        "name = models.CharField(max_length=10)",
        "made = models.DateField()",
        "tags = models.JSONField()",
        "class Meta:",
        "    indexes = [",
        "        models.Index(fields=['name', '-made']),",
        "        GinIndex(fields=['tags']),",
        "        GinIndex(OpClass(Upper('name'), name='gin_trgm_ops'), name='trgm'),",
        "        models.Index(F('made').desc(nulls_last=True), name='late'),",
        "    ]",
        "    index_together = ('name', 'made')",
        "    constraints = [",
        "        models.UniqueConstraint(Lower('name'), name='%(app_label)s_%(class)s_lower'),",
        "        ExclusionConstraint(name='no_overlap', expressions=[('made', '&&')]),",
        "        models.UniqueConstraint(fields=['made'], name='later', deferrable=models.Deferrable.DEFERRED),",
        "    ]",
      ].join("\n"),
      `${HEAD}from django.contrib.postgres.indexes import GinIndex, OpClass\nfrom django.contrib.postgres.constraints import ExclusionConstraint\nfrom django.db.models import F\nfrom django.db.models.functions import Lower, Upper\n`,
    );
    const declared = model.indexes.filter((each) => each.origin === "declared");
    // The first two names were printed by Django 5.2.
    assert.deepEqual(
      declared.map((each) => each.name),
      [null, "shop_thing_name_3e1d22_idx", "shop_thing_tags_837458_gin", "trgm", "late"],
    );
    assert.deepEqual(
      declared.map((each) => each.method),
      ["btree", "btree", "gin", "gin", "btree"],
    );
    assert.deepEqual(declared[3]?.columns[0], {
      column: null,
      expression: "Upper('name')",
      order: "asc",
      nulls: null,
      opclass: "gin_trgm_ops",
    });
    assert.deepEqual(declared[4]?.columns[0], {
      column: "made",
      expression: null,
      order: "desc",
      nulls: "last",
      opclass: null,
    });
    const constraints = new Map(model.constraints.map((each) => [each.name, each]));
    assert.equal(constraints.get("shop_thing_lower")?.expression, "Lower('name')");
    assert.deepEqual(
      [constraints.get("no_overlap")?.kind, constraints.get("no_overlap")?.columns],
      ["exclusion", ["made"]],
    );
    assert.equal(constraints.get("later")?.deferrable, true);
    assert.ok(model.indexes.some((each) => each.name === "later" && each.unique));
  });

  it("C01 keeps predicates as written", async () => {
    const model = await thing(
      "n = models.IntegerField()\nclass Meta:\n    indexes = [models.Index(fields=['n'], condition=Q(n__gt=0)\n        | Q(n=None), name='some')]\n    constraints = [models.CheckConstraint(check=~Q(n=F('id')), name='ok')]",
      `${HEAD}from django.db.models import F, Q\n`,
    );
    assert.equal(model.indexes.find((each) => each.name === "some")?.predicate, "Q(n__gt=0) | Q(n=None)");
    const check = model.constraints.find((each) => each.name === "ok");
    assert.deepEqual([check?.expression, check?.columns], ["~Q(n=F('id'))", ["n", "id"]]);
  });

  it("C01 generic keys are relations to any model and have no column", async () => {
    const model = await thing(
      "content_type = models.ForeignKey('contenttypes.ContentType', on_delete=models.CASCADE)\nobject_id = models.PositiveIntegerField()\nabout = GenericForeignKey()",
      `${HEAD}from django.contrib.contenttypes.fields import GenericForeignKey\n`,
    );
    assert.equal(field(model, "about"), undefined);
    const about = model.relations.find((each) => each.name === "about");
    assert.deepEqual(
      [about?.target, about?.columns, about?.enforced],
      ["any model", ["content_type_id", "object_id"], false],
    );
  });
});
