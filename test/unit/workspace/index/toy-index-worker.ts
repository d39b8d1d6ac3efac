import { serveIndex } from "../../../../src/workspace/index/serve-index.ts";
import { STACKS } from "../../../../src/workspace/stacks/registry.ts";
import { toyStack } from "./toy-stack.ts";

serveIndex([...STACKS, toyStack], import.meta.url);
