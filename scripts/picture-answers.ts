/**
 * What a local server says in the pictures, in place of a language model: about the sample shop, and true of it. The
 * panel shows it as it would show any answer.
 */
const STATUS = `## What the database does not enforce

| Rule | Reason | Risk |
| --- | --- | --- |
| \`status\` is one of three values | the form offers draft, active, retired [E12] | low |
| \`currency\` is one of three values | every price is read with it [E10] [E11] | low |

A row that another program writes can hold any text in both columns. \`price\` has its check already [E10].`;

const constraint = (column: string, values: readonly string[], evidence: string) => ({
  kind: "check",
  columns: [column],
  ddl: `ALTER TABLE catalog_product ADD CONSTRAINT product_${column}_known CHECK (${column} IN (${values.map((value) => `'${value}'`).join(", ")})) NOT VALID;`,
  framework_code: null,
  check_query: `SELECT ${column}, count(*) FROM catalog_product GROUP BY ${column};`,
  reason: `The code knows ${values.join(", ")} and no other value.`,
  evidence: [evidence],
});

const STRUCTURED = {
  constraints: [
    constraint("status", ["draft", "active", "retired"], "E12"),
    constraint("currency", ["IDR", "USD", "EUR"], "E11"),
  ],
  unknowns: ["whether rows with other values exist"],
};

const SHORT = `## Constraints

\`status\` takes three values in the code [E12]; a check in the database would hold them for every writer. The rest is
enforced already: \`sku\` and \`slug\` are unique [E6] [E8].`;

function withStructure(prose: string, structured: unknown): string {
  return `${prose}\n\n\`\`\`json\n${JSON.stringify(structured)}\n\`\`\`\n`;
}

/** The answer of each model that the pictures ask. */
export const PICTURE_ANSWERS: Readonly<Record<string, string>> = {
  "workshop-large": withStructure(STATUS, STRUCTURED),
  "workshop-small": withStructure(SHORT, {
    ...STRUCTURED,
    constraints: STRUCTURED.constraints.slice(0, 1),
  }),
};
