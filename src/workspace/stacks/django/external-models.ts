import type { Expression } from "../../languages/expression.ts";
import type { Span } from "../../source.ts";

/** A base class that comes with fields and is not in the workspace. */
export interface ExternalBase {
  /** Qualified as models of the workspace are: `auth.AbstractUser`. */
  readonly name: string;
  readonly bases: readonly string[];
  /** Field name → call that would declare it. */
  readonly fields: readonly (readonly [name: string, call: Expression])[];
}

const NOWHERE: Span = [0, 0, 0, 0];

type Option = string | number | boolean | null | { readonly name: string };

function field(
  name: string,
  fieldClass: string,
  options: Readonly<Record<string, Option>> = {},
): readonly [string, Expression] {
  const args = Object.entries(options).map(([key, value]) => ({ name: key, value: literal(value) }));
  const callee: Expression = { k: "name", value: fieldClass, span: NOWHERE };
  return [name, { k: "call", callee, args, span: NOWHERE }];
}

function literal(value: Option): Expression {
  if (typeof value === "string") return { k: "string", value, span: NOWHERE };
  if (typeof value === "number") return { k: "number", value: String(value), span: NOWHERE };
  if (typeof value === "boolean") return { k: "name", value: value ? "True" : "False", span: NOWHERE };
  return { k: "name", value: value === null ? "None" : value.name, span: NOWHERE };
}

function base(
  name: string,
  bases: readonly string[],
  ...fields: (readonly [string, Expression])[]
): ExternalBase {
  return { name, bases, fields };
}

const NOW = { name: "timezone.now" };

const ABSTRACT_BASE_USER = base(
  "auth.AbstractBaseUser",
  [],
  field("password", "CharField", { max_length: 128 }),
  field("last_login", "DateTimeField", { null: true, blank: true }),
);
const PERMISSIONS_MIXIN = base(
  "auth.PermissionsMixin",
  [],
  field("is_superuser", "BooleanField", { default: false }),
  field("groups", "ManyToManyField", { to: "auth.Group", related_name: "user_set" }),
  field("user_permissions", "ManyToManyField", { to: "auth.Permission", related_name: "user_set" }),
);

/** Abstract bases of Django and of packages that many projects use, with the fields that their documentation names. */
export const EXTERNAL_BASES: ReadonlyMap<string, ExternalBase> = new Map([
  ["django.contrib.auth.base_user.AbstractBaseUser", ABSTRACT_BASE_USER],
  ["django.contrib.auth.models.AbstractBaseUser", ABSTRACT_BASE_USER],
  ["django.contrib.auth.models.PermissionsMixin", PERMISSIONS_MIXIN],
  [
    "django.contrib.auth.models.AbstractUser",
    base(
      "auth.AbstractUser",
      ["django.contrib.auth.models.AbstractBaseUser", "django.contrib.auth.models.PermissionsMixin"],
      field("username", "CharField", { max_length: 150, unique: true }),
      field("first_name", "CharField", { max_length: 150, blank: true }),
      field("last_name", "CharField", { max_length: 150, blank: true }),
      field("email", "EmailField", { blank: true }),
      field("is_staff", "BooleanField", { default: false }),
      field("is_active", "BooleanField", { default: true }),
      field("date_joined", "DateTimeField", { default: NOW }),
    ),
  ],
  [
    "django.contrib.sessions.base_session.AbstractBaseSession",
    base(
      "sessions.AbstractBaseSession",
      [],
      field("session_key", "CharField", { max_length: 40, primary_key: true }),
      field("session_data", "TextField"),
      field("expire_date", "DateTimeField", { db_index: true }),
    ),
  ],
  [
    "model_utils.models.TimeStampedModel",
    base(
      "model_utils.TimeStampedModel",
      [],
      field("created", "DateTimeField", { default: NOW }),
      field("modified", "DateTimeField", { default: NOW }),
    ),
  ],
  [
    "model_utils.models.UUIDModel",
    base(
      "model_utils.UUIDModel",
      [],
      field("id", "UUIDField", { primary_key: true, default: { name: "uuid.uuid4" } }),
    ),
  ],
  [
    "model_utils.models.SoftDeletableModel",
    base("model_utils.SoftDeletableModel", [], field("is_removed", "BooleanField", { default: false })),
  ],
  [
    "model_utils.models.TimeFramedModel",
    base(
      "model_utils.TimeFramedModel",
      [],
      field("start", "DateTimeField", { null: true }),
      field("end", "DateTimeField", { null: true }),
    ),
  ],
  [
    "django_extensions.db.models.TimeStampedModel",
    base(
      "django_extensions.TimeStampedModel",
      [],
      field("created", "DateTimeField", { auto_now_add: true }),
      field("modified", "DateTimeField", { auto_now: true }),
    ),
  ],
  [
    "django_extensions.db.models.TitleDescriptionModel",
    base(
      "django_extensions.TitleDescriptionModel",
      [],
      field("title", "CharField", { max_length: 255 }),
      field("description", "TextField", { null: true }),
    ),
  ],
  [
    "taggit.models.TagBase",
    base(
      "taggit.TagBase",
      [],
      field("name", "CharField", { max_length: 100, unique: true }),
      field("slug", "SlugField", { max_length: 100, unique: true }),
    ),
  ],
  [
    "taggit.models.GenericTaggedItemBase",
    base(
      "taggit.GenericTaggedItemBase",
      [],
      field("content_type", "ForeignKey", {
        to: "contenttypes.ContentType",
        on_delete: { name: "CASCADE" },
        related_name: "%(app_label)s_%(class)s_tagged_items",
      }),
      field("object_id", "IntegerField", { db_index: true }),
    ),
  ],
  [
    "mptt.models.MPTTModel",
    base(
      "mptt.MPTTModel",
      [],
      field("lft", "PositiveIntegerField"),
      field("rght", "PositiveIntegerField"),
      field("tree_id", "PositiveIntegerField", { db_index: true }),
      field("level", "PositiveIntegerField"),
    ),
  ],
  [
    "treebeard.mp_tree.MP_Node",
    base(
      "treebeard.MP_Node",
      [],
      field("path", "CharField", { max_length: 255, unique: true }),
      field("depth", "PositiveIntegerField"),
      field("numchild", "PositiveIntegerField", { default: 0 }),
    ),
  ],
  [
    "treebeard.ns_tree.NS_Node",
    base(
      "treebeard.NS_Node",
      [],
      field("lft", "PositiveIntegerField", { db_index: true }),
      field("rgt", "PositiveIntegerField", { db_index: true }),
      field("tree_id", "PositiveIntegerField", { db_index: true }),
      field("depth", "PositiveIntegerField", { db_index: true }),
    ),
  ],
  [
    "polymorphic.models.PolymorphicModel",
    base(
      "polymorphic.PolymorphicModel",
      [],
      field("polymorphic_ctype", "ForeignKey", {
        to: "contenttypes.ContentType",
        on_delete: { name: "CASCADE" },
        null: true,
        related_name: "polymorphic_%(app_label)s.%(class)s_set+",
      }),
    ),
  ],
]);

/** Classes that make whatever inherits from them a model. */
export const MODEL_ROOTS: ReadonlySet<string> = new Set([
  "django.db.models.Model",
  "django.db.models.base.Model",
  "django.contrib.gis.db.models.Model",
]);

/** Models outside of the workspace that have a table: a subclass gets a link to it. */
export const EXTERNAL_TABLES: ReadonlyMap<string, string> = new Map([
  ["django.contrib.auth.models.User", "auth.User"],
  ["django.contrib.auth.models.Group", "auth.Group"],
  ["django.contrib.auth.models.Permission", "auth.Permission"],
  ["django.contrib.contenttypes.models.ContentType", "contenttypes.ContentType"],
  ["django.contrib.sites.models.Site", "sites.Site"],
  ["django.contrib.flatpages.models.FlatPage", "flatpages.FlatPage"],
  ["django.contrib.sessions.models.Session", "sessions.Session"],
  ["rest_framework.authtoken.models.Token", "authtoken.Token"],
  ["wagtail.models.Page", "wagtailcore.Page"],
  ["wagtail.core.models.Page", "wagtailcore.Page"],
  ["taggit.models.Tag", "taggit.Tag"],
  ["taggit.models.TaggedItem", "taggit.TaggedItem"],
]);

/** `django.contrib.auth.models.Group` → "auth.Group": how Django labels a model of a package. */
export function externalModelLabel(dotted: string): string {
  const known = EXTERNAL_TABLES.get(dotted) ?? EXTERNAL_BASES.get(dotted)?.name;
  if (known) return known;
  const parts = dotted.split(".");
  const models = parts.lastIndexOf("models");
  const name = parts.at(-1) ?? dotted;
  const app = models > 0 ? parts[models - 1] : parts.at(-2);
  return app ? `${app}.${name}` : name;
}

/** Primary keys of Django's own models where a settings' default does not decide. */
export function externalKeyType(label: string): string | null {
  if (label === "sessions.Session") return "varchar(40)";
  if (label === "authtoken.Token") return "varchar(40)";
  return /^(auth|contenttypes|sites|admin|flatpages|wagtailcore)\./.test(label) ? "integer" : null;
}
