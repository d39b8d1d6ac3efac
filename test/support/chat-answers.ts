import type { Answer } from "./provider-server.ts";
import { streamed } from "./provider-server.ts";

export interface ChatAnswer {
  readonly finish?: string;
  readonly usage?: { readonly prompt: number; readonly completion: number } | null;
}

/** An answer in the form of OpenAI's chat completions, streamed in small pieces. */
export function chat(
  text: string,
  { finish = "stop", usage = { prompt: 20, completion: 50 } }: ChatAnswer = {},
): Answer {
  const pieces = (text.match(/[\s\S]{1,40}/g) ?? []).map((content) =>
    event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  );
  return streamed([
    ...pieces,
    event({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }),
    ...(usage === null
      ? []
      : [
          event({ choices: [], usage: { prompt_tokens: usage.prompt, completion_tokens: usage.completion } }),
        ]),
    "data: [DONE]\n\n",
  ]);
}

/** Gives one answer after the other, the last one again and again. */
export function inTurn(...answers: readonly Answer[]): Answer {
  let next = 0;
  return (response, request) => {
    const answer = answers[Math.min(next++, answers.length - 1)];
    if (!answer) throw new RangeError("no answer");
    return answer(response, request);
  };
}

/** Prose, then the structured part, as a model is asked to answer. */
export function answerText(value: unknown, prose = "# Answer\n\nIt is an order [E1]."): string {
  return `${prose}\n\n\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n`;
}

export interface ChatRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

export function chatRequest(body: string): ChatRequest {
  return JSON.parse(body) as ChatRequest;
}

function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
