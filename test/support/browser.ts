import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";
import { cacheFolder } from "./vscode-server/install.ts";

/** A browser program with the variables that it needs beyond this process's own. */
interface Program {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Chromium without sandbox (CI runs as root) and without a word to the network, which may be closed. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // VS Code asks its marketplace and its CDN on its own; here nothing but this machine can be found.
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
];

/** Starts the browser: `CHROME_PATH`, else a Chrome or Chromium of the machine, else the one from npm. */
export async function launchBrowser(): Promise<Browser> {
  const program = await findBrowser();
  return chromium.launch({
    executablePath: program.executablePath,
    args: flags,
    env: { ...process.env, ...program.env },
  });
}

/** Closes a browser, waiting 5 s at most: after a failed page a close has been seen to take over a minute. */
export async function closeBrowser(browser: Browser): Promise<void> {
  await Promise.race([browser.close(), new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
}

async function findBrowser(): Promise<Program> {
  const chosen = process.env.CHROME_PATH;
  if (chosen !== undefined && chosen !== "") {
    if (!existsSync(chosen)) throw new Error(`CHROME_PATH names no file: ${chosen}`);
    return { executablePath: chosen, env: {} };
  }
  const found = candidates().find((file) => existsSync(file));
  if (found !== undefined) return { executablePath: found, env: {} };
  return unpackChromium();
}

function candidates(): string[] {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (process.platform === "win32") {
    return [process.env.ProgramFiles, process.env["ProgramFiles(x86)"], process.env.LocalAppData]
      .filter((folder) => folder !== undefined)
      .map((folder) => path.join(folder, "Google\\Chrome\\Application\\chrome.exe"));
  }
  const names = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
}

/**
 * Unpacks `@sparticuz/chromium` into the cache folder, once. The package would unpack into the system's temporary
 * folder under a fixed name, where two processes get in each other's way; so a child does it in a folder of its own.
 */
async function unpackChromium(): Promise<Program> {
  const manifest = path.resolve(import.meta.dirname, "../../node_modules/@sparticuz/chromium/package.json");
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  const folder = path.join(cacheFolder, `chromium-${version}`);
  if (!existsSync(folder)) {
    await mkdir(cacheFolder, { recursive: true });
    const building = await mkdtemp(path.join(cacheFolder, "building-"));
    const script = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();';
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: import.meta.dirname,
      // With the runtime named it also unpacks the NSS libraries that a bare machine lacks.
      env: { ...process.env, TMPDIR: building, AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" },
    });
    await writeFile(path.join(building, "fonts", "fonts.conf"), fontConfiguration);
    await rename(building, folder).catch(async (error: unknown) => {
      await rm(building, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    });
  }
  return {
    executablePath: path.join(folder, "chromium"),
    env: {
      LD_LIBRARY_PATH: [path.join(folder, "al2023/lib"), process.env.LD_LIBRARY_PATH ?? ""].join(":"),
      FONTCONFIG_PATH: path.join(folder, "fonts"),
    },
  };
}

/** The package's own names folders that do not exist here; this one finds its fonts beside itself. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
