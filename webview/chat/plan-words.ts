import type { PlanKind } from "../../src/protocol/agent.ts";
import type { ChatStepState } from "../../src/protocol/chat.ts";
import { t } from "../ui/l10n.ts";

/** A step of a plan as it is read. */
export interface PlanStep {
  readonly title: string;
  readonly details: string;
  /** Null while nothing is carried out. */
  readonly state: ChatStepState | null;
  /** What came of it, in one line; "" while there is nothing. */
  readonly output: string;
}

/** Under which name a plan has its steps: plans of one agent have titles, those of several are made of actions. */
export function stepsName(plan: unknown): "steps" | "actions" {
  return Array.isArray(recordOf(plan).actions) ? "actions" : "steps";
}

export function goalOf(plan: unknown): string {
  const { goal } = recordOf(plan);
  return typeof goal === "string" ? goal : "";
}

/** The steps of a plan as they were proposed; empty for anything else. */
export function stepsOf(plan: unknown): readonly Readonly<Record<string, unknown>>[] {
  const steps = recordOf(plan)[stepsName(plan)];
  return Array.isArray(steps) ? steps.map(recordOf) : [];
}

/** The same in words. */
export function planSteps(plan: unknown): readonly PlanStep[] {
  return stepsOf(plan).map((step) => ({ ...stepWords(step), state: null, output: "" }));
}

export function stepWords(step: Readonly<Record<string, unknown>>): Pick<PlanStep, "title" | "details"> {
  const { type, title, details, ...members } = step;
  if (typeof type !== "string")
    return {
      title: typeof title === "string" ? title : "",
      details: typeof details === "string" ? details : "",
    };
  const given = { ...(title === undefined ? {} : { title }), ...(details === undefined ? {} : { details }) };
  const [first, ...rest] = Object.values({ ...members, ...given })
    .map(textOf)
    .filter((text) => text !== "");
  return { title: [typeWords(type), first].filter(Boolean).join(": "), details: rest.join("\n") };
}

/** Kinds of actions that ship in words of their own; others as people would write `their_name`. */
export function typeWords(type: string): string {
  switch (type) {
    case "edit_file":
      return t("Edit file");
    case "create_file":
      return t("Create file");
    case "add_migration":
      return t("Add migration");
    case "run_command":
      return t("Run command");
    case "check":
      return t("Check");
  }
  const words = type.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A step of a kind with nothing in it. */
export function emptyStep({ type, members }: PlanKind): Record<string, unknown> {
  const texts = members.filter(({ isText }) => isText).map(({ name }) => [name, ""]);
  return { ...(type === "" ? {} : { type }), ...Object.fromEntries(texts) };
}

function textOf(value: unknown): string {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value.join(" ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
