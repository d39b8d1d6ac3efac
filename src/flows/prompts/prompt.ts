/** What makes one action's system prompt differ from another's. */
export interface ActionPrompt {
  /** Who is speaking, one sentence. */
  readonly role: string;
  /** What to do, as paragraphs or a list. */
  readonly task: readonly string[];
  /** Parts of the prose answer, in order. */
  readonly structure: readonly string[];
}
