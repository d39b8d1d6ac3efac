import { serveExtraction } from "../../../../src/workspace/index/serve-extraction.ts";
import { toyStack } from "./toy-stack.ts";

serveExtraction([toyStack]);
