import type { LogicalType } from "../../ir/model.ts";

/** What a field class becomes. Native types are PostgreSQL's, as Django's backend writes them. */
export interface FieldClass {
  readonly kind:
    | "column"
    | "foreign-key"
    | "one-to-one"
    | "many-to-many"
    | "generic-key"
    | "generic-relation";
  readonly logical: LogicalType;
  /** `%(max_length)` and its like are replaced by the options of the field; null when the source does not say. */
  readonly native: string | null;
  /** Options the class sets itself. */
  readonly length?: number;
  /** The database numbers the rows. */
  readonly serial?: boolean;
  /** The class is indexed unless it is told otherwise. */
  readonly indexed?: boolean;
  /** Type of the columns that refer to such a key. */
  readonly referredAs?: string;
  readonly nullable?: boolean;
  readonly unique?: boolean;
  /** Model that a relation of a third party's class always leads to. */
  readonly target?: string;
}

function column(logical: LogicalType, native: string | null, more: Partial<FieldClass> = {}): FieldClass {
  return { kind: "column", logical, native, ...more };
}

const VARCHAR = "varchar(%(max_length))";

/** Django's own fields, with those of contrib.postgres, contrib.contenttypes and contrib.gis. */
export const DJANGO_FIELDS: ReadonlyMap<string, FieldClass> = new Map(
  Object.entries({
    AutoField: column("integer", "integer", { serial: true, referredAs: "integer" }),
    BigAutoField: column("bigint", "bigint", { serial: true, referredAs: "bigint" }),
    SmallAutoField: column("smallint", "smallint", { serial: true, referredAs: "smallint" }),
    BigIntegerField: column("bigint", "bigint"),
    BinaryField: column("binary", "bytea"),
    BooleanField: column("boolean", "boolean"),
    NullBooleanField: column("boolean", "boolean", { nullable: true }),
    CharField: column("string", VARCHAR),
    CommaSeparatedIntegerField: column("string", VARCHAR),
    DateField: column("date", "date"),
    DateTimeField: column("datetime", "timestamp with time zone"),
    DecimalField: column("decimal", "numeric(%(max_digits), %(decimal_places))"),
    DurationField: column("duration", "interval"),
    EmailField: column("string", VARCHAR, { length: 254 }),
    FileField: column("string", VARCHAR, { length: 100 }),
    FilePathField: column("string", VARCHAR, { length: 100 }),
    FloatField: column("float", "double precision"),
    GenericIPAddressField: column("inet", "inet"),
    IPAddressField: column("inet", "inet"),
    ImageField: column("string", VARCHAR, { length: 100 }),
    IntegerField: column("integer", "integer"),
    JSONField: column("json", "jsonb"),
    PositiveBigIntegerField: column("bigint", "bigint"),
    PositiveIntegerField: column("integer", "integer"),
    PositiveSmallIntegerField: column("smallint", "smallint"),
    SlugField: column("string", VARCHAR, { length: 50, indexed: true }),
    SmallIntegerField: column("smallint", "smallint"),
    TextField: column("text", "text"),
    TimeField: column("time", "time"),
    URLField: column("string", VARCHAR, { length: 200 }),
    UUIDField: column("uuid", "uuid"),
    GeneratedField: column("unknown", null),
    CompositePrimaryKey: column("composite", null),
    Field: column("unknown", null),
    ForeignKey: { kind: "foreign-key", logical: "unknown", native: null },
    ForeignObject: { kind: "foreign-key", logical: "unknown", native: null },
    OneToOneField: { kind: "one-to-one", logical: "unknown", native: null },
    ManyToManyField: { kind: "many-to-many", logical: "unknown", native: null },
    GenericForeignKey: { kind: "generic-key", logical: "unknown", native: null },
    GenericRelation: { kind: "generic-relation", logical: "unknown", native: null },
    // contrib.postgres
    ArrayField: column("unknown", null),
    HStoreField: column("json", "hstore"),
    CIText: column("text", "citext"),
    CITextField: column("text", "citext"),
    CICharField: column("string", "citext"),
    CIEmailField: column("string", "citext", { length: 254 }),
    SearchVectorField: column("unknown", "tsvector"),
    SearchQueryField: column("unknown", "tsquery"),
    IntegerRangeField: column("composite", "int4range"),
    BigIntegerRangeField: column("composite", "int8range"),
    DecimalRangeField: column("composite", "numrange"),
    DateTimeRangeField: column("composite", "tstzrange"),
    DateRangeField: column("composite", "daterange"),
    OIDField: column("integer", "oid"),
    // contrib.gis
    GeometryField: column("geometry", "geometry(GEOMETRY,%(srid))", { indexed: true }),
    PointField: column("geometry", "geometry(POINT,%(srid))", { indexed: true }),
    LineStringField: column("geometry", "geometry(LINESTRING,%(srid))", { indexed: true }),
    PolygonField: column("geometry", "geometry(POLYGON,%(srid))", { indexed: true }),
    MultiPointField: column("geometry", "geometry(MULTIPOINT,%(srid))", { indexed: true }),
    MultiLineStringField: column("geometry", "geometry(MULTILINESTRING,%(srid))", { indexed: true }),
    MultiPolygonField: column("geometry", "geometry(MULTIPOLYGON,%(srid))", { indexed: true }),
    GeometryCollectionField: column("geometry", "geometry(GEOMETRYCOLLECTION,%(srid))", { indexed: true }),
    RasterField: column("geometry", "raster", { indexed: true }),
  } satisfies Record<string, FieldClass>),
);

/**
 * Field classes of packages that many projects use, by their last name. Their type is documented by the package; a
 * class that is not here is a column of unknown type.
 */
export const THIRD_PARTY_FIELDS: ReadonlyMap<string, FieldClass> = new Map(
  Object.entries({
    // django-phonenumber-field
    PhoneNumberField: column("string", VARCHAR, { length: 128 }),
    ModelPhoneNumberField: column("string", VARCHAR, { length: 128 }),
    // django-mptt, django-treebeard keep trees by a foreign key to the same model
    TreeForeignKey: { kind: "foreign-key", logical: "unknown", native: null },
    TreeOneToOneField: { kind: "one-to-one", logical: "unknown", native: null },
    TreeManyToManyField: { kind: "many-to-many", logical: "unknown", native: null },
    ParentalKey: { kind: "foreign-key", logical: "unknown", native: null },
    ParentalManyToManyField: { kind: "many-to-many", logical: "unknown", native: null },
    SortedManyToManyField: { kind: "many-to-many", logical: "unknown", native: null },
    AutoOneToOneField: { kind: "one-to-one", logical: "unknown", native: null },
    TaggableManager: { kind: "many-to-many", logical: "unknown", native: null, target: "taggit.Tag" },
    // django-money: the amount; the currency is a second column
    MoneyField: column("decimal", "numeric(%(max_digits), %(decimal_places))"),
    CurrencyField: column("string", VARCHAR, { length: 3 }),
    // django-model-utils
    AutoCreatedField: column("datetime", "timestamp with time zone"),
    AutoLastModifiedField: column("datetime", "timestamp with time zone"),
    MonitorField: column("datetime", "timestamp with time zone"),
    StatusField: column("string", VARCHAR, { length: 100 }),
    SplitField: column("text", "text"),
    // django-extensions
    AutoSlugField: column("string", VARCHAR, { length: 50, indexed: true }),
    CreationDateTimeField: column("datetime", "timestamp with time zone"),
    ModificationDateTimeField: column("datetime", "timestamp with time zone"),
    RandomCharField: column("string", VARCHAR),
    ShortUUIDField: column("string", VARCHAR, { length: 22 }),
    // others
    CountryField: column("string", VARCHAR, { length: 2 }),
    TimeZoneField: column("string", VARCHAR, { length: 63 }),
    ColorField: column("string", VARCHAR, { length: 25 }),
    RichTextField: column("text", "text"),
    RichTextUploadingField: column("text", "text"),
    StreamField: column("json", "jsonb"),
    MarkdownField: column("text", "text"),
    MarkdownxField: column("text", "text"),
    HTMLField: column("text", "text"),
    FroalaField: column("text", "text"),
    BleachField: column("text", "text"),
    ThumbnailerImageField: column("string", VARCHAR, { length: 100 }),
    VersatileImageField: column("string", VARCHAR, { length: 100 }),
    ProcessedImageField: column("string", VARCHAR, { length: 100 }),
    FSMField: column("string", VARCHAR, { length: 50 }),
    FSMIntegerField: column("integer", "integer"),
    MACAddressField: column("inet", "macaddr"),
    CidrAddressField: column("inet", "cidr"),
    InetAddressField: column("inet", "inet"),
    VectorField: column("vector", "vector(%(dimensions))"),
    ULIDField: column("uuid", "uuid"),
  } satisfies Record<string, FieldClass>),
);

/** Named like fields, but without a column: they show or compute what other fields keep. */
const COLUMNLESS: ReadonlySet<string> = new Set([
  // django-imagekit
  "ImageSpecField",
]);

/** Packages whose field classes have Django's own names and meaning. */
const DJANGO_FIELD_PACKAGES =
  /^(django\.(db\.models|contrib\.(postgres|gis|contenttypes)|contrib\.gis\.db\.models)|django\.contrib\.postgres)(\.|$)/;

/** The class behind a dotted name from outside of the workspace; null when it is no model field. */
export function externalFieldClass(
  dotted: string,
): { readonly name: string; readonly fieldClass: FieldClass; readonly known: boolean } | null {
  const name = dotted.slice(dotted.lastIndexOf(".") + 1);
  if (DJANGO_FIELD_PACKAGES.test(dotted)) {
    const fieldClass = DJANGO_FIELDS.get(name);
    return fieldClass ? { name, fieldClass, known: true } : null;
  }
  if (/^(django\.forms|rest_framework|graphene|marshmallow|wtforms|django_filters)(\.|$)/.test(dotted))
    return null;
  if (COLUMNLESS.has(name)) return null;
  const thirdParty = THIRD_PARTY_FIELDS.get(name);
  if (thirdParty) return { name, fieldClass: thirdParty, known: true };
  const sameName = DJANGO_FIELDS.get(name);
  if (sameName && name !== "Field") return { name, fieldClass: sameName, known: false };
  if (/^[A-Z]\w*ForeignKey$/.test(name)) return unknownClass(name, "ForeignKey");
  if (/^[A-Z]\w*OneToOneField$/.test(name)) return unknownClass(name, "OneToOneField");
  if (/^[A-Z]\w*ManyToManyField$/.test(name)) return unknownClass(name, "ManyToManyField");
  if (!/^[A-Z]\w*Field$/.test(name)) return null;
  // `EncryptedTextField`, `NullableCharField`: the ending names the field that it behaves like, not how it is stored.
  return { name, fieldClass: column("unknown", null), known: false };
}

function unknownClass(
  name: string,
  like: string,
): { name: string; fieldClass: FieldClass; known: boolean } | null {
  const fieldClass = DJANGO_FIELDS.get(like);
  return fieldClass ? { name, fieldClass, known: false } : null;
}
