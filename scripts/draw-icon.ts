/** Draws media/icon.png, the icon of the extension's page, from media/icon.svg. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { closeBrowser, launchBrowser } from "../test/support/browser.ts";

const media = (name: string) => fileURLToPath(new URL(`../media/${name}`, import.meta.url));

const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
await page.setContent(`<style>*{margin:0}</style>${await readFile(media("icon.svg"), "utf8")}`);
await page.screenshot({ path: media("icon.png"), omitBackground: true });
await closeBrowser(browser);
