import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
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

/** The page of the flow panel once its tab bears a title. Its frame may bear an older one (see `FlowPanel`). */
export async function flowPanel(workbench: Workbench, title: string | RegExp): Promise<Frame> {
  const wanted =
    typeof title === "string" ? new RegExp(`^${title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) : title;
  const name = workbench.page.locator(".tab .label-name", { hasText: wanted });
  await name.first().waitFor({ timeout: 30_000 });
  return await workbench.webview(/./);
}

before(async function () {
  // Another suite may hold the lock for a while.
  this.timeout(35 * 60_000);
  await sharedSession();
});

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
