import * as z from "zod/mini";

/**
 * What libraries must know before they run under our Content-Security-Policy. Imported first by every page: zod
 * otherwise probes for `eval`, which the policy reports as a violation, and Lit needs the nonce where a browser has
 * no constructable style sheets. The toolkit reads the same element on its own.
 */
z.config({ jitless: true });

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.content;
if (nonce) (window as { litNonce?: string }).litNonce = nonce;
