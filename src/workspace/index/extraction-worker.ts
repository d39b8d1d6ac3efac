import { STACKS } from "../stacks/registry.ts";
import { serveExtraction } from "./serve-extraction.ts";

// Entry of the worker thread; bundled as dist/workers/extraction.js.
serveExtraction(STACKS);
