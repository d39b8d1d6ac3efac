import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import { chat } from "../test/support/chat-answers.ts";
import { type Answer, ProviderServer, plain } from "../test/support/provider-server.ts";
import type { Workbench } from "../test/support/workbench.ts";
import { PICTURE_ANSWERS } from "./picture-answers.ts";

/** Takes the pictures of running: an answer, two runs side by side, and what a wrong key looks like. */
export async function takeRuns(
  workbench: Workbench,
  take: (workbench: Workbench, name: string) => Promise<void>,
): Promise<void> {
  const server = await ProviderServer.start(answerOf);
  try {
    await configure(workbench, { kind: "openai-compatible", name: "workshop", base_url: `${server.url}/v1` });
    await workbench.runCommand("Aksara: Suggest Constraints");
    const frame = await workbench.webview(/./);
    await frame.getByRole("heading", { level: 1, name: "Suggest Constraints" }).waitFor();
    await run(workbench, "workshop-small", frame);
    await run(workbench, "workshop-large", frame);
    await take(workbench, "run-answer");
    await compare(frame);
    await workbench.runCommand("View: Toggle Maximize Editor Group");
    await workbench.page.waitForTimeout(500);
    await take(workbench, "runs-compared");
    await workbench.runCommand("View: Toggle Maximize Editor Group");

    const refusal = {
      error: { message: "Incorrect API key provided: sk-wrong***0000.", code: "invalid_api_key" },
    };
    server.answer = plain(401, JSON.stringify(refusal));
    await configure(workbench, { kind: "openai", base_url: `${server.url}/v1`, model: "gpt-6-sol" });
    await workbench.runCommand("View: Focus First Editor Group");
    await workbench.runCommand("Aksara: Explain Model");
    await frame.getByRole("heading", { level: 1, name: "Explain Model" }).waitFor();
    await workbench.runCommand("Aksara: Set Key…");
    await workbench.choose("OpenAI");
    await workbench.page.getByText("sent only to").waitFor();
    await workbench.page.locator(".quick-input-widget input.input").fill("sk-wrong-0000");
    await workbench.page.keyboard.press("Enter");
    await frame.getByText("Run AI is off").waitFor({ state: "detached" });
    await workbench.runCommand("Aksara: Run AI");
    await frame.getByText("AUTH_FAILED").waitFor();
    await take(workbench, "run-wrong-key");
  } finally {
    await server.close();
  }
}

const answerOf: Answer = (response, request) => {
  if (request.method === "GET") {
    const data = Object.keys(PICTURE_ANSWERS).map((id) => ({ id }));
    return plain(200, JSON.stringify({ data }))(response, request);
  }
  const { model } = JSON.parse(request.body) as { model: string };
  const usage = { prompt: 3120, completion: model === "workshop-large" ? 418 : 231 };
  return chat(PICTURE_ANSWERS[model] ?? "", { usage })(response, request);
};

/** Makes a provider the one of the window's folder. */
export async function configure(
  workbench: Workbench,
  provider: Readonly<Record<string, unknown>>,
): Promise<void> {
  const folder = path.join(workbench.folder ?? "", ".aksara");
  await mkdir(folder, { recursive: true });
  const hub = { version: 1, active_provider: provider.name ?? provider.kind, providers: [provider] };
  await writeFile(path.join(folder, "aihub.json"), JSON.stringify(hub, null, 2));
}

async function run(workbench: Workbench, model: string, frame: Frame): Promise<void> {
  await workbench.runCommand("Aksara: Run AI With…");
  await workbench.choose(model);
  await frame.locator("aksara-run-head .model", { hasText: model }).waitFor();
  await frame.locator("aksara-suggestion-card").first().waitFor();
}

async function compare(frame: Frame): Promise<void> {
  await frame.getByRole("tab", { name: "Runs" }).click();
  for (const box of await frame.getByRole("checkbox").all()) await box.click();
  await frame.getByRole("button", { name: "Compare", exact: true }).click();
  await frame.locator("aksara-runs-tab .columns.two").waitFor();
}
