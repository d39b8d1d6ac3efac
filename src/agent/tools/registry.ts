import { AksaraError } from "../../errors.ts";
import { nearestNames } from "../../workspace/nearest-names.ts";
import type { Tool } from "./tool.ts";

/** The tools there are, by name. */
export class ToolRegistry {
  readonly #tools = new Map<string, Tool>();

  constructor(tools: readonly Tool[] = []) {
    for (const tool of tools) this.register(tool);
  }

  /** @throws SPEC_INVALID when the name is taken */
  register(tool: Tool): void {
    if (this.#tools.has(tool.name))
      throw new AksaraError("SPEC_INVALID", `There is a tool "${tool.name}" already.`);
    this.#tools.set(tool.name, tool);
  }

  find(name: string): Tool | null {
    return this.#tools.get(name) ?? null;
  }

  /** By name, in bytewise order. */
  list(): readonly Tool[] {
    return [...this.#tools.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The named tools, in bytewise order whatever the order they were named in. @throws TOOL_NOT_FOUND */
  pick(names: readonly string[]): readonly Tool[] {
    for (const name of names)
      if (!this.#tools.has(name))
        throw new AksaraError("TOOL_NOT_FOUND", `There is no tool "${name}".`, {
          hint: `Tools are ${this.list()
            .map((tool) => tool.name)
            .join(", ")}.`,
          candidates: nearestNames(name, [...this.#tools.keys()]),
        });
    const wanted = new Set(names);
    return this.list().filter(({ name }) => wanted.has(name));
  }
}
