import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { closeBrowser, launchBrowser } from "../../support/browser.ts";
import { projectFolder } from "./build.ts";
import { openGallery } from "./gallery-server.ts";
import { findAxeViolations, findPolicyViolations, fontsReady, measureOverflow } from "./inspect.ts";
import { THEMES } from "./themes.ts";

/** The usual width of a panel beside an editor. */
const USUAL_WIDTH = 700;

/** Only states whose name contains this are shot, when given: `node shoot.ts panel/result`. */
const wanted = process.argv[2] ?? "";
const folder = path.join(projectFolder, "out/screens/gallery");
const problems: string[] = [];
let shots = 0;

const gallery = await openGallery();
const browser = await launchBrowser();
try {
  if (wanted === "") await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [view, states] of gallery.views) {
    for (const state of states.filter(({ name }) => `${view}/${name}`.includes(wanted))) {
      for (const theme of THEMES) {
        const extra = theme === THEMES[0] ? (state.widths ?? []) : [];
        for (const width of new Set([USUAL_WIDTH, ...extra])) {
          const name = `${view}-${state.name}-${theme.name}-${width}`;
          const page = await browser.newPage({ viewport: { width, height: 900 } });
          page.on("pageerror", (error) => problems.push(`${name}: ${error.message}`));
          await page.goto(gallery.url(view, state.name, theme.name), { waitUntil: "load" });
          await fontsReady(page);
          await state.prepare?.(page);
          await page.screenshot({
            path: path.join(folder, `${name}.png`),
            fullPage: !state.name.startsWith("long"),
            animations: "disabled",
          });
          shots += 1;
          for (const violation of await findAxeViolations(page)) problems.push(`${name}: axe ${violation}`);
          for (const violation of await findPolicyViolations(page))
            problems.push(`${name}: policy ${violation}`);
          const overflow = await measureOverflow(page);
          if (overflow > 0) problems.push(`${name}: ${overflow} px wider than its window`);
          await page.close();
        }
      }
    }
  }
} finally {
  await closeBrowser(browser);
  await gallery.close();
}
console.log(`${shots} screenshots in ${path.relative(projectFolder, folder)}`);
for (const problem of problems) console.error(problem);
if (problems.length > 0 || shots === 0) process.exitCode = 1;
