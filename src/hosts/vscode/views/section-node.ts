import type { FlowTarget } from "../../../flows/context-of.ts";
import type { SourceRef } from "../../../workspace/source.ts";

/** A row of a section's tree. Flow commands read `objectId`. */
export type SectionNode =
  | {
      readonly type: "group";
      readonly id: string;
      readonly label: string;
      readonly children: readonly SectionNode[];
    }
  | {
      readonly type: "object";
      readonly objectId: string;
      readonly target: FlowTarget;
      /** What the group above it already says is left out. */
      readonly label: string;
    }
  /** A part of an object: a field, a guard, an operation. */
  | {
      readonly type: "part";
      readonly id: string;
      readonly label: string;
      readonly description: string;
      readonly icon: string;
      readonly source: SourceRef;
    };
