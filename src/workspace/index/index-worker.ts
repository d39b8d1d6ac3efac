import { STACKS } from "../stacks/registry.ts";
import { serveIndex } from "./serve-index.ts";

// Entry of the index thread; bundled as dist/workers/index.js.
serveIndex(STACKS, import.meta.url);
