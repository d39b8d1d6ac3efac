export interface WebviewPage {
  /** Origin of the extension's own resources: `webview.cspSource`. */
  readonly cspSource: string;
  /** Fresh for every page; at least 128 bits. */
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUris: readonly string[];
  readonly title: string;
  /** Data for the page, read by it from `#aksara-boot`; anything that JSON can carry. */
  readonly boot: unknown;
  /** Language of the page's texts, as `vscode.env.language` has it. */
  readonly lang: string;
}

/**
 * The HTML document of a webview. The policy allows the one script that carries the nonce (the modules it imports,
 * at once or later, inherit the nonce), the extension's style sheets and fonts, and nothing from anywhere else.
 */
export function renderWebviewHtml(page: WebviewPage): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${page.nonce}'`,
    `style-src ${page.cspSource} 'nonce-${page.nonce}'`,
    `font-src ${page.cspSource}`,
    `img-src ${page.cspSource} data:`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const styles = page.styleUris.map((uri) => `<link rel="stylesheet" href="${escapeAttribute(uri)}">`);
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(page.lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${escapeAttribute(page.nonce)}">
<title>${escapeAttribute(page.title)}</title>
${styles.join("\n")}
<script type="application/json" id="aksara-boot" nonce="${escapeAttribute(page.nonce)}">${escapeJson(page.boot)}</script>
<script type="module" nonce="${escapeAttribute(page.nonce)}" src="${escapeAttribute(page.scriptUri)}"></script>
</head>
<body></body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that cannot end its script element, whatever stands in it. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}
