import type { ReadingReport } from "./catalog.ts";

/** Reasons that nobody asked for: other than what is ignored, secret or read elsewhere. */
const UNASKED = /^(?:too large|not text$|unreadable|could not be read)/;

/** Folders are never of one reason alone, and so much JSON is data. */
const NO_CODE = /(?:\/|\.json)$/;

/** Files that may declare something and were not read, in the order of the report. */
export function unreadFiles({ skipped }: ReadingReport): ReadingReport["skipped"] {
  return skipped.filter(({ uri, reason }) => UNASKED.test(reason) && !NO_CODE.test(uri));
}
