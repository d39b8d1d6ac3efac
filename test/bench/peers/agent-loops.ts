import { ReadableStream } from "node:stream/web";
import { loadPeer } from "./load-peer.ts";

/**
 * Loops of other people with a model that takes no time: it asks for one call after the other, then says that it is
 * done. Each gives what a run of so many steps took, in milliseconds a step; nothing is kept on the disk.
 */
export type AgentLoop = (steps: number) => Promise<number>;

interface Z {
  object(shape: Readonly<Record<string, unknown>>): unknown;
  number(): unknown;
}

/** What the tool of all of them does. */
const look = ({ n }: { readonly n: number }): string => `seen ${n}`;

async function timed(steps: number, run: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const calls = await run();
  const spent = performance.now() - start;
  if (calls !== steps) throw new Error(`${calls} of ${steps} calls were made`);
  return spent / steps;
}

/** The text streamed, as ours is. */
async function aiSdk(): Promise<AgentLoop> {
  const ai = await loadPeer<{
    streamText(options: object): { consumeStream(): Promise<void>; readonly text: Promise<string> };
    isStepCount(count: number): unknown;
    tool(definition: object): unknown;
  }>("ai");
  const { MockLanguageModelV4 } = await loadPeer<{ MockLanguageModelV4: new (model: object) => object }>(
    "ai/test",
  );
  const { z } = await loadPeer<{ z: Z }>("zod");
  return (steps) =>
    timed(steps, async () => {
      let step = 0;
      let calls = 0;
      const model = new MockLanguageModelV4({
        doStream: async () => {
          step++;
          const usage = { inputTokens: { total: 10 }, outputTokens: { total: 5 } };
          const isCall = step <= steps;
          const content = isCall
            ? [
                {
                  type: "tool-call",
                  toolCallId: `c${step}`,
                  toolName: "look",
                  input: JSON.stringify({ n: step }),
                },
              ]
            : [
                { type: "text-start", id: "t" },
                { type: "text-delta", id: "t", delta: "done" },
                { type: "text-end", id: "t" },
              ];
          const finishReason = isCall
            ? { unified: "tool-calls", raw: "tool_calls" }
            : { unified: "stop", raw: "stop" };
          const parts = [
            { type: "stream-start", warnings: [] },
            ...content,
            { type: "finish", finishReason, usage },
          ];
          return { stream: ReadableStream.from(parts) };
        },
      });
      const execute = async (input: { readonly n: number }) => {
        calls++;
        return look(input);
      };
      const tools = {
        look: ai.tool({ description: "looks", inputSchema: z.object({ n: z.number() }), execute }),
      };
      const result = ai.streamText({ model, tools, prompt: "go", stopWhen: ai.isStepCount(steps + 1) });
      await result.consumeStream();
      if ((await result.text) !== "done") throw new Error("the AI SDK did not end as it should");
      return calls;
    });
}

async function openAiAgents(): Promise<AgentLoop> {
  const agents = await loadPeer<{
    Agent: new (options: object) => object;
    Runner: new (
      options: object,
    ) => { run(agent: object, input: string, options: object): Promise<{ finalOutput: unknown }> };
    Usage: new (usage: object) => object;
    tool(definition: object): unknown;
  }>("@openai/agents-core");
  const { z } = await loadPeer<{ z: Z }>("zod");
  return (steps) =>
    timed(steps, async () => {
      let step = 0;
      let calls = 0;
      const model = {
        getResponse: async () => {
          step++;
          const usage = new agents.Usage({ inputTokens: 10, outputTokens: 5, totalTokens: 15 });
          const call = {
            type: "function_call",
            callId: `c${step}`,
            name: "look",
            arguments: JSON.stringify({ n: step }),
            status: "completed",
          };
          const message = {
            type: "message",
            role: "assistant",
            status: "completed",
            content: [{ type: "output_text", text: "done" }],
          };
          return { usage, output: [step <= steps ? call : message] };
        },
      };
      const execute = async (input: { readonly n: number }) => {
        calls++;
        return look(input);
      };
      const tools = [
        agents.tool({
          name: "look",
          description: "looks",
          parameters: z.object({ n: z.number() }),
          execute,
        }),
      ];
      const agent = new agents.Agent({ name: "bench", instructions: "Look.", model, tools });
      const runner = new agents.Runner({ tracingDisabled: true });
      const { finalOutput } = await runner.run(agent, "go", { maxTurns: steps + 2 });
      if (finalOutput !== "done") throw new Error("OpenAI Agents did not end as it should");
      return calls;
    });
}

async function langGraph(): Promise<AgentLoop> {
  const { StateGraph, MessagesAnnotation, START, END } = await loadPeer<{
    StateGraph: new (state: unknown) => Graph;
    MessagesAnnotation: unknown;
    START: string;
    END: string;
  }>("@langchain/langgraph");
  const { ToolNode } = await loadPeer<{ ToolNode: new (tools: readonly unknown[]) => unknown }>(
    "@langchain/langgraph/prebuilt",
  );
  const { AIMessage } = await loadPeer<{ AIMessage: new (fields: object) => Message }>(
    "@langchain/core/messages",
  );
  const { tool } = await loadPeer<{ tool(run: unknown, definition: object): unknown }>(
    "@langchain/core/tools",
  );
  const { z } = await loadPeer<{ z: Z }>("zod");
  return (steps) =>
    timed(steps, async () => {
      let step = 0;
      let calls = 0;
      const ask = async () => {
        step++;
        const message =
          step <= steps
            ? new AIMessage({
                content: "",
                tool_calls: [{ id: `c${step}`, name: "look", args: { n: step }, type: "tool_call" }],
              })
            : new AIMessage({ content: "done" });
        return { messages: [message] };
      };
      const run = async (input: { readonly n: number }) => {
        calls++;
        return look(input);
      };
      const looks = tool(run, {
        name: "look",
        description: "looks",
        schema: z.object({ n: z.number() }),
      });
      const graph = new StateGraph(MessagesAnnotation)
        .addNode("model", ask)
        .addNode("tools", new ToolNode([looks]))
        .addEdge(START, "model")
        .addConditionalEdges("model", ({ messages }: { readonly messages: readonly Message[] }) =>
          (messages.at(-1)?.tool_calls?.length ?? 0) > 0 ? "tools" : END,
        )
        .addEdge("tools", "model")
        .compile();
      const { messages } = await graph.invoke(
        { messages: [{ role: "user", content: "go" }] },
        { recursionLimit: 2 * steps + 5 },
      );
      if (messages.at(-1)?.content !== "done") throw new Error("LangGraph did not end as it should");
      return calls;
    });
}

interface Message {
  readonly content: unknown;
  readonly tool_calls?: readonly unknown[];
}

interface Graph {
  addNode(name: string, node: unknown): Graph;
  addEdge(from: string, to: string): Graph;
  addConditionalEdges(from: string, choose: unknown): Graph;
  compile(): {
    invoke(input: object, options: object): Promise<{ readonly messages: readonly Message[] }>;
  };
}

/** By the name of the package. */
export const AGENT_LOOPS: Readonly<Record<string, () => Promise<AgentLoop>>> = {
  ai: aiSdk,
  "@openai/agents-core": openAiAgents,
  "@langchain/langgraph": langGraph,
};

/** What these loops are, and what they are written with. */
export const LOOP_PACKAGES: readonly string[] = [...Object.keys(AGENT_LOOPS), "@langchain/core", "zod"];
