import type { AdvisedIndex } from "../../protocol/index-advice.ts";
import type { Model } from "../../workspace/ir/model.ts";

/** An index as the stack's own files write it. */
type IndexCode = AdvisedIndex["code"];

/** A plain column of an index, and whether it is kept in falling order. */
interface Key {
  readonly column: string;
  /** The name that the model gives the column. */
  readonly field: string;
  readonly descending: boolean;
}

/**
 * How a migration or model of the workspace says an index; null where the stack has no words for it (expressions,
 * other methods, conditions, columns kept along in some), or where only SQL is in use.
 */
export function indexCode(index: AdvisedIndex, models: readonly Model[]): IndexCode {
  const model = models.find(
    ({ table, abstract, proxyOf }) => table === index.table && !abstract && proxyOf === null,
  );
  if (model === undefined || index.method !== "btree") return null;
  const keys = index.keys.map((key) => keyOf(key, model));
  if (keys.includes(null)) return null;
  return (
    WRITERS[model.stack]?.(
      index,
      keys.filter((key) => key !== null),
      model,
    ) ?? null
  );
}

function keyOf(sql: string, { fields }: Model): Key | null {
  const [, plain, inQuotes, order] = /^(?:(\w+)|"((?:[^"]|"")+)")( DESC)?$/.exec(sql) ?? [];
  const column = plain ?? inQuotes?.replaceAll('""', '"');
  const field = fields.find((candidate) => candidate.column === column);
  if (column === undefined || field === undefined) return null;
  return { column, field: field.name, descending: order !== undefined };
}

/** Django refuses longer ones. */
const LONGEST_DJANGO_NAME = 30;

type Writer = (index: AdvisedIndex, keys: readonly Key[], model: Model) => IndexCode;

const WRITERS: Readonly<Record<string, Writer>> = {
  django: ({ name, include, predicate }, keys, { name: model, fields }) => {
    // Conditions are written in Django's own words, which are not made from SQL here.
    if (predicate !== null) return null;
    const along = include.map((column) => fields.find((field) => field.column === column)?.name);
    if (along.includes(undefined)) return null;
    const list = keys.map(({ field, descending }) => `"${descending ? "-" : ""}${field}"`).join(", ");
    const covering = along.length === 0 ? "" : `, include=[${along.map((field) => `"${field}"`).join(", ")}]`;
    const text = [
      "from django.contrib.postgres.operations import AddIndexConcurrently",
      "",
      "",
      "class Migration(migrations.Migration):",
      "    atomic = False",
      "    operations = [",
      "        AddIndexConcurrently(",
      `            "${model.toLowerCase()}",`,
      `            models.Index(fields=[${list}], name="${shortName(name, LONGEST_DJANGO_NAME)}"${covering}),`,
      "        ),",
      "    ]",
    ].join("\n");
    return { language: "python", text };
  },
  sqlalchemy: (index, keys) => alembic(index, keys),
  alembic: (index, keys) => alembic(index, keys),
  prisma: ({ include, predicate, name }, keys, { name: model }) => {
    if (predicate !== null || include.length > 0) return null;
    const list = keys
      .map(({ field, descending }) => (descending ? `${field}(sort: Desc)` : field))
      .join(", ");
    return { language: "prisma", text: `model ${model} {\n  // …\n  @@index([${list}], map: "${name}")\n}` };
  },
  typeorm: ({ include, predicate, name }, keys, { name: model }) => {
    // The decorator knows no order of a column.
    if (include.length > 0 || keys.some(({ descending }) => descending)) return null;
    const where = predicate === null ? "" : `, { where: ${JSON.stringify(predicate)} }`;
    const list = keys.map(({ field }) => `"${field}"`).join(", ");
    return {
      language: "typescript",
      text: `@Index("${name}", [${list}]${where})\n@Entity()\nclass ${model} {}`,
    };
  },
  drizzle: ({ include, predicate, name }, keys) => {
    if (include.length > 0 || predicate !== null) return null;
    const list = keys
      .map(({ field, descending }) => `table.${field}${descending ? ".desc()" : ""}`)
      .join(", ");
    return { language: "typescript", text: `index("${name}").concurrently().on(${list})` };
  },
};

function alembic({ name, table, include, predicate }: AdvisedIndex, keys: readonly Key[]): IndexCode {
  const columns = keys.map(({ column, descending }) =>
    descending ? `sa.text('${quotedWhole(column)} DESC')` : `"${column}"`,
  );
  const options = [
    ...(include.length === 0
      ? []
      : [`postgresql_include=[${include.map((column) => `"${column}"`).join(", ")}]`]),
    ...(predicate === null ? [] : [`postgresql_where=sa.text(${JSON.stringify(predicate)})`]),
    "postgresql_concurrently=True",
  ];
  const text = [
    "with op.get_context().autocommit_block():",
    "    op.create_index(",
    `        "${name}",`,
    `        "${table}",`,
    `        [${columns.join(", ")}],`,
    ...options.map((option) => `        ${option},`),
    "    )",
  ].join("\n");
  return { language: "python", text };
}

function quotedWhole(column: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(column) ? column : `"${column}"`;
}

/** The beginning and the end of a name that is too long. */
function shortName(name: string, longest: number): string {
  return name.length <= longest ? name : `${name.slice(0, longest - 4).replace(/_+$/, "")}_idx`;
}
