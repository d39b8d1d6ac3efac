import { AksaraError } from "../../errors.ts";
import { type ActionDescriptor, FLOW_KINDS, type FlowKind } from "../../protocol/action.ts";
import { nearestNames } from "../../workspace/nearest-names.ts";
import type { FlowAction } from "./action.ts";
import { SHIPPED_ACTIONS } from "./shipped.ts";

/** The actions of one workspace: the shipped ones and those its files add. */
export class ActionRegistry {
  readonly actions: readonly FlowAction[];
  readonly #byKey: ReadonlyMap<string, FlowAction>;

  constructor(custom: readonly FlowAction[] = []) {
    this.actions = [...SHIPPED_ACTIONS, ...custom];
    this.#byKey = new Map(this.actions.map((action) => [action.key, action]));
  }

  get(key: string): FlowAction | null {
    return this.#byKey.get(key) ?? null;
  }

  ofKind(kind: FlowKind): readonly FlowAction[] {
    return this.actions.filter((action) => action.kind === kind);
  }

  /**
   * The action, checked against the flow type it is asked for: the action first, then the flow type.
   * @throws INVALID_ACTION, INVALID_FLOW_TYPE
   */
  require(flowType: string, key: string): FlowAction {
    const action = this.get(key);
    if (!action) {
      const near = nearestNames(key, [...this.#byKey.keys()]);
      throw new AksaraError("INVALID_ACTION", `There is no action "${key}".`, {
        hint:
          near.length > 0
            ? `Did you mean ${near.join(", ")}?`
            : '"aksara ai flows actions" lists all actions.',
        candidates: near,
      });
    }
    if (!isFlowKind(flowType)) {
      throw new AksaraError("INVALID_FLOW_TYPE", `There is no flow type "${flowType}".`, {
        hint: `Flow types are ${FLOW_KINDS.join(", ")}.`,
        candidates: FLOW_KINDS,
      });
    }
    if (action.kind !== flowType) {
      const fitting = this.ofKind(flowType).map((other) => other.key);
      throw new AksaraError(
        "INVALID_ACTION",
        `"${key}" is an action on a ${action.kind}, not on a ${flowType}.`,
        {
          hint: `Actions on a ${flowType} are ${fitting.join(", ")}.`,
          candidates: fitting,
        },
      );
    }
    return action;
  }
}

export function isFlowKind(value: string): value is FlowKind {
  return (FLOW_KINDS as readonly string[]).includes(value);
}

/** The action as documents and listings carry it. */
export function describeAction(action: FlowAction): ActionDescriptor {
  return {
    action_key: action.key,
    kind: action.kind,
    title: action.title,
    description: action.description,
    risk: action.risk,
    what_it_does: action.whatItDoes,
    what_it_cannot_do: action.whatItCannotDo,
    recommended_next: [...action.suggestedNext],
  };
}
