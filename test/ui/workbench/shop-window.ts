import { mkdir } from "node:fs/promises";
import path from "node:path";
import { checkout } from "../../support/host/build-host-suite.ts";
import { openSession, type Session } from "../../support/session.ts";
import type { Workbench } from "../../support/workbench.ts";

/** The package under test; `npm run package` makes it. Installed, it lies where no node_modules can be found. */
export const vsix = path.join(checkout, "aksara-studio.vsix");

export function workspace(name: string): string {
  return path.join(checkout, "test/workspaces", name);
}

let session: Promise<Session> | undefined;

/** The one server and browser of these tests, where every folder is trusted; ended after the last test of all files. */
export function sharedSession(): Promise<Session> {
  session ??= openSession({ vsix: [vsix], workspaceTrust: false });
  return session;
}

/** A window of its own on a copy of the shop in Django, with the studio's icon pressed. */
export async function openShop(): Promise<Workbench> {
  const workbench = await (await sharedSession()).open(workspace("shop-django"));
  await workbench.openContainer("Aksara Studio");
  return workbench;
}

/** What the window looked like says more than a message that something was not found in time. */
afterEach(async function () {
  const { currentTest } = this;
  if (currentTest?.state !== "failed") return;
  const folder = path.join(checkout, "out/failures");
  await mkdir(folder, { recursive: true });
  const name = currentTest.title.replace(/[^\w]+/g, "-").slice(0, 60);
  const pages = (await session)?.browser.contexts().flatMap((context) => context.pages()) ?? [];
  for (const [index, page] of pages.entries()) {
    await page
      .screenshot({ path: path.join(folder, `${name}-${index}.png`), timeout: 5000 })
      .catch(() => undefined);
  }
});

after(async () => {
  await (await session)?.close();
});
