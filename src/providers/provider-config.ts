import * as z from "zod";
import { ScriptSchema } from "./connectors/script.ts";
import { PROVIDER_KINDS, type ProviderKind, WIRE_FORMS } from "./provider-descriptors.ts";

/** A header that would carry a credential, or that belongs to the transport. */
const REFUSED_HEADER =
  /^(?:host|connection|content-length|content-type|transfer-encoding|expect|te|trailer|upgrade|accept|accept-encoding|cookie2?)$|auth|token|secret|password|credential|(?:^|[-_])key$|apikey/i;

const HeadersSchema = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "is not the name of a header"),
    z.string().regex(/^[\t\x20-\x7e]*$/, "holds characters that a header cannot carry"),
  )
  .superRefine((headers, context) => {
    for (const name of Object.keys(headers)) {
      if (!REFUSED_HEADER.test(name)) continue;
      context.addIssue({
        code: "custom",
        path: [name],
        message: `the header "${name}" cannot be set here: keys are never kept in a file, and the transport sets its own headers`,
      });
    }
  });

const BaseUrlSchema = z.string().superRefine((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    context.addIssue({ code: "custom", message: "must be an http or https URL" });
  } else if (url.username !== "" || url.password !== "") {
    context.addIssue({ code: "custom", message: "must not hold a user name or a password" });
  }
});

/** One provider as `.aksara/aihub.json` states it. Holds no key; a key comes from the host (`ProviderKey`). */
export const ProviderConfigSchema = z.strictObject({
  kind: z.enum(PROVIDER_KINDS as readonly [ProviderKind, ...ProviderKind[]]),
  enabled: z.boolean().default(true),
  /** Everything before the path of a call. For `http` the whole URL that is posted to. */
  base_url: BaseUrlSchema.optional(),
  model: z.string().min(1).optional(),
  /** Azure: the deployment in the path; the model when absent. */
  deployment: z
    .string()
    .regex(/^[\w.-]+$/, "must be letters, digits, '-', '_' and '.'")
    .optional(),
  /** Azure: the `api-version` of the call. */
  api_version: z
    .string()
    .regex(/^[\w.-]+$/)
    .optional(),
  /** The form of request and answer, where a provider understands several. */
  wire: z.enum(WIRE_FORMS).optional(),
  /** Header that carries the key, where it is not the provider's usual one. */
  key_header: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/)
    .optional(),
  /** Sent with every call. */
  headers: HeadersSchema.optional(),
  /** Tokens, where the model is not a known one; for Ollama also the window that is asked for. */
  context_window: z.int().positive().optional(),
  max_output_tokens: z.int().positive().optional(),
  /** Requests in flight at once. */
  max_concurrency: z.int().positive().max(1000).optional(),
  /** For `scripted`: the script itself, or the path of a JSON file that the host reads. */
  script: z.union([z.string().min(1), ScriptSchema]).optional(),
});

export type ProviderConfig = z.infer<typeof ProviderConfigSchema>;

/** A configuration as somebody may write it: defaults left out. */
export type ProviderConfigInput = z.input<typeof ProviderConfigSchema>;
