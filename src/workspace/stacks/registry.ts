import { djangoStack } from "./django/stack.ts";
import type { Stack } from "./stack.ts";

/** Every framework that is read. A new one is one entry here. */
export const STACKS: readonly Stack[] = [djangoStack];
