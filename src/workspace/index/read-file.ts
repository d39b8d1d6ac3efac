import type { ParserShelf } from "../languages/parser-shelf.ts";
import type { FileExtractor, FileOutcome } from "./extract-file.ts";
import type { ReadJob } from "./extractor.ts";
import { codeOf, type FileSystem, isMissing } from "./file-system.ts";
import { MAX_FILE_BYTES } from "./source-walk.ts";

/** Reads one file and extracts its facts; what the file system refuses becomes an outcome. */
export async function readFileFacts(
  fileSystem: FileSystem,
  job: ReadJob,
  extractor: FileExtractor,
  parsers: ParserShelf,
): Promise<FileOutcome> {
  const { uri } = job;
  let bytes: Uint8Array;
  try {
    bytes = await fileSystem.readBytes(job.path);
  } catch (error) {
    if (isMissing(error)) return { kind: "gone", uri };
    return { kind: "skipped", uri, contentHash: "", reason: `unreadable (${codeOf(error)})` };
  }
  // It may have grown since it was looked at.
  if (bytes.length > MAX_FILE_BYTES) return { kind: "skipped", uri, contentHash: "", reason: "too large" };
  return extractor.extract(uri, job.language, bytes, parsers, job.knownHash);
}
