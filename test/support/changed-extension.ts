import { cp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { checkout } from "./host/build-host-suite.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

/** What of the built extension VS Code reads. */
const PARTS = ["package.json", "package.nls.json", "dist", "media", "l10n"];

/**
 * A copy of the built extension with one more language, made from the English texts.
 * @param locale Name of the language, such as `qps-ploc`.
 */
export async function translateExtension(
  locale: string,
  translate: (english: string) => string,
): Promise<TemporaryFolder> {
  return await changedCopy("translated-extension", async (folder) => {
    for (const [from, to] of [
      ["package.nls.json", `package.nls.${locale}.json`],
      ["l10n/bundle.l10n.json", `l10n/bundle.l10n.${locale}.json`],
    ] as const) {
      const english = JSON.parse(await readFile(path.join(checkout, from), "utf8")) as Record<string, string>;
      const translated = Object.entries(english).map(([key, text]) => [key, translate(text)]);
      await writeFile(path.join(folder, to), JSON.stringify(Object.fromEntries(translated)));
    }
  });
}

/** What an installation cannot do without when it reads a workspace, relative to the extension. */
export const READING_PART = "dist/workers";

/** A copy of the built extension that cannot read any workspace: an installation that was damaged. */
export async function damagedExtension(): Promise<TemporaryFolder> {
  return await changedCopy("damaged-extension", async (folder) => {
    await rm(path.join(folder, READING_PART), { recursive: true });
  });
}

async function changedCopy(
  name: string,
  change: (folder: string) => Promise<void>,
): Promise<TemporaryFolder> {
  const temporary = await makeTemporaryFolder(name);
  try {
    for (const part of PARTS)
      await cp(path.join(checkout, part), path.join(temporary.folder, part), { recursive: true });
    await change(temporary.folder);
    return temporary;
  } catch (error) {
    await temporary.remove();
    throw error;
  }
}
