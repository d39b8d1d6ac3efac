import type { CliCommand, CliGroup, CliLeaf } from "./context.ts";
import { bold, columns, type Terminal } from "./output.ts";

function globalRows(formats: string): string[][] {
  return [
    ["  --workspace DIR", "the folder to read (default: the current one)"],
    [`  --format ${formats}`, "text for people, or one document"],
    ["  --quiet", "no notes on standard error"],
    ["  --no-color", "no colours"],
    ["  --help", "this text"],
  ];
}

/** Help of a word of the command line; `path` is what was typed to get there. */
export function helpText(command: CliCommand, path: readonly string[], terminal: Terminal): string {
  return command.type === "group" ? groupHelp(command, path, terminal) : leafHelp(command, path, terminal);
}

function groupHelp(group: CliGroup, path: readonly string[], terminal: Terminal): string {
  const rows = leaves(group, path).map(({ words, leaf }) => [
    `  ${[...words, leaf.positionals].filter(Boolean).join(" ")}`,
    leaf.summary,
  ]);
  return [
    bold(terminal, `aksara ${path.join(" ")}`.trimEnd()),
    group.summary,
    "",
    columns(rows),
    "",
    columns(globalRows("text|json")),
    "",
  ].join("\n");
}

function leafHelp(leaf: CliLeaf, path: readonly string[], terminal: Terminal): string {
  const formats = leaf.formats?.join("|") ?? "text|json";
  const options = Object.entries(leaf.options).map(([name, option]) => [
    `  --${name}${option.value ? ` ${option.value}` : ""}`,
    option.summary,
  ]);
  return [
    bold(terminal, ["aksara", ...path, leaf.positionals].filter(Boolean).join(" ")),
    leaf.summary,
    "",
    columns([...options, ...globalRows(formats)]),
    "",
  ].join("\n");
}

function leaves(group: CliGroup, path: readonly string[]): { words: readonly string[]; leaf: CliLeaf }[] {
  return Object.entries(group.commands).flatMap(([word, command]) =>
    command.type === "leaf" ? [{ words: [...path, word], leaf: command }] : leaves(command, [...path, word]),
  );
}
