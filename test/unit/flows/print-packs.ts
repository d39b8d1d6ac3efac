/** Prints the hash of every fifth pack of a folder, in the environment it is started in: `node print-packs.ts <folder>`. */
import { sha256 } from "../../../src/workspace/hash.ts";
import { buildAll, everyRequest } from "./every-pack.ts";
import { openFolder } from "./open-workspace.ts";

const opened = openFolder(process.argv[2] ?? ".");
try {
  const packs = await buildAll(
    opened.studio,
    await everyRequest(opened.studio, ["SELECT 1 FROM lontar_order"]),
  );
  const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
  console.log(JSON.stringify({ locale, timeZone, packs: packs.length, hash: sha256(JSON.stringify(packs)) }));
} finally {
  await opened.close();
}
