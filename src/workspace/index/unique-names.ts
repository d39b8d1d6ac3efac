import type { WorkspaceRoot } from "./source-walk.ts";

/** Folders of the same name get numbers, since their names tell the uris of a workspace apart. */
export function withUniqueNames(roots: readonly WorkspaceRoot[]): readonly WorkspaceRoot[] {
  const taken = new Set<string>();
  return roots.map(({ name, path }) => {
    const plain = name.replaceAll("/", "-");
    let unique = plain;
    for (let number = 2; taken.has(unique); number++) unique = `${plain}-${number}`;
    taken.add(unique);
    return { name: unique, path };
  });
}
