import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { collectPageTexts } from "../../../scripts/extract-texts.ts";
import { renderWebviewHtml } from "../../../src/hosts/vscode/webview-html.ts";
import { pseudo } from "../../support/pseudo.ts";
import { buildViews, projectFolder } from "./build.ts";
import { THEMES } from "./themes.ts";
import { loadViews, type ViewState } from "./view-states.ts";

/** English, the shipped translation, or every text without a plain letter. */
export type GalleryLocale = "en" | "de" | "pseudo";

export interface Gallery {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly views: ReadonlyMap<string, readonly ViewState[]>;
  url(view: string, state: string, theme: string, locale?: GalleryLocale): string;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".ttf": "font/ttf",
};

/**
 * Bundles the views and serves each state of each as VS Code would show it: the same document under the same policy,
 * a theme's variables, and a host that answers `ready` with the state's events and keeps what the page posts in
 * `window.posted`.
 */
export async function openGallery(port = 0): Promise<Gallery> {
  const output = path.join(projectFolder, "out/gallery");
  await buildViews(output);
  const views = await loadViews();
  const strings: Readonly<Record<GalleryLocale, Readonly<Record<string, string>>>> = {
    en: {},
    de: JSON.parse(await readFile(path.join(projectFolder, "l10n/bundle.l10n.de.json"), "utf8")),
    pseudo: Object.fromEntries(collectPageTexts().map((text) => [text, pseudo(text)])),
  };

  const respond = async (url: URL): Promise<{ type: string; body: string | Buffer } | null> => {
    const [, section = "", ...rest] = url.pathname.split("/");
    if (section === "") return { type: "text/html", body: indexPage(views) };
    if (section === "view") {
      const [view = "", name = ""] = rest;
      const state = views.get(view)?.find((candidate) => candidate.name === name);
      const theme = THEMES.find(
        (candidate) => candidate.name === (url.searchParams.get("theme") ?? "dark-modern"),
      );
      if (state === undefined || theme === undefined) return null;
      const asked = url.searchParams.get("locale");
      const locale = asked === "pseudo" || asked === "de" ? asked : "en";
      return {
        type: "text/html",
        body: statePage(url.origin, view, state, theme, { name: locale, strings: strings[locale] }),
      };
    }
    const roots: Readonly<Record<string, string>> = {
      dist: output,
      gallery: import.meta.dirname,
    };
    const root = roots[section];
    const file = root === undefined ? undefined : path.join(root, ...rest);
    const type = file === undefined ? undefined : types[path.extname(file)];
    if (file === undefined || type === undefined || !file.startsWith(`${root}${path.sep}`)) return null;
    return { type, body: await readFile(file) };
  };

  const server = createServer((request, response) => {
    respond(new URL(request.url ?? "/", `http://${request.headers.host}`)).then(
      (answer) => {
        response.writeHead(answer === null ? 404 : 200, { "content-type": answer?.type ?? "text/plain" });
        response.end(answer?.body ?? "Not found");
      },
      (error: unknown) => {
        response.writeHead(500, { "content-type": "text/plain" });
        response.end(String(error));
      },
    );
  });
  const origin = await listen(server, port);
  return {
    origin,
    views,
    url: (view, state, theme, locale = "en") =>
      `${origin}/view/${view}/${state}?theme=${theme}&locale=${locale}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

function statePage(
  origin: string,
  view: string,
  state: ViewState,
  theme: (typeof THEMES)[number],
  locale: { readonly name: GalleryLocale; readonly strings: Readonly<Record<string, string>> },
): string {
  const nonce = randomBytes(16).toString("base64");
  const html = renderWebviewHtml({
    cspSource: origin,
    nonce,
    scriptUri: `${origin}/dist/webview/${view}.js`,
    styleUris: [`${origin}/dist/webview/${view}.css`],
    title: `${view}: ${state.name}`,
    boot: { ...state.boot, strings: locale.strings },
    lang: locale.name === "pseudo" ? "en" : locale.name,
  });
  const surroundings = `<link rel="stylesheet" href="${origin}/gallery/themes/${theme.name}.css">
<link rel="stylesheet" href="${origin}/gallery/vscode-defaults.css">
<script nonce="${nonce}">(${hostInPage.toString()})(${JSON.stringify(state.events).replace(/</g, "\\u003c")});</script>
`;
  return html
    .replace('<link rel="stylesheet"', () => `${surroundings}<link rel="stylesheet"`)
    .replace("<body>", `<body class="${theme.kind}" data-vscode-theme-kind="${theme.kind}">`);
}

/** Runs in the page, before its own scripts: the host's end of the line. */
function hostInPage(events: readonly { readonly seq: number }[]): void {
  const page = globalThis as unknown as Record<string, unknown> & {
    addEventListener(type: string, listener: (event: Record<string, unknown>) => void): void;
    postMessage(message: unknown, target: string): void;
  };
  const posted: { type?: string; since?: number }[] = [];
  const violations: string[] = [];
  let kept: unknown;
  page.posted = posted;
  page.violations = violations;
  page.addEventListener("securitypolicyviolation", (event) => {
    violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
  });
  page.acquireVsCodeApi = () => ({
    getState: () => kept,
    setState: (state: unknown) => {
      kept = state;
    },
    postMessage: (message: { type?: string; since?: number }) => {
      posted.push(message);
      if (message.type !== "ready") return;
      for (const event of events) if (event.seq > (message.since ?? 0)) page.postMessage(event, "*");
    },
  });
}

function indexPage(views: ReadonlyMap<string, readonly ViewState[]>): string {
  const rows = [...views].flatMap(([view, states]) =>
    states.map(({ name }) => {
      const links = THEMES.map(
        (theme) => `<a href="/view/${view}/${name}?theme=${theme.name}">${theme.name}</a>`,
      );
      return `<li>${view} / ${name}: ${links.join(" · ")} · <a href="/view/${view}/${name}?locale=de">German</a> · <a href="/view/${view}/${name}?locale=pseudo">pseudo</a></li>`;
    }),
  );
  return `<!DOCTYPE html><meta charset="utf-8"><title>Gallery</title><h1>Gallery</h1><ul>${rows.join("")}</ul>`;
}
