import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import type { ScriptInput } from "../../../src/providers/connectors/script.ts";
import type { Workbench } from "../../support/workbench.ts";
import { writeHub } from "./run-panel.ts";

export const NOTE = "# Notes\n\nThe shop sells books.\n";

/** What the agent's model says in these tests, by what it is asked. */
export const ANSWERS: ScriptInput["answers"] = [
  {
    when: { last: "Explain Model: " },
    repeat: true,
    steps: [{ text: "A product is what the shop sells." }],
  },
  {
    when: { last: "You have split large tables before." },
    repeat: true,
    steps: [{ text: "Split it by publisher." }],
  },
  {
    when: { last: "Which models" },
    repeat: true,
    steps: [{ text: "I look.\n\n" }, { tool: "list_models", input: {} }],
  },
  {
    when: { tool_result: "list_models" },
    repeat: true,
    steps: [{ text: "The shop has **a product** " }, { wait: 5 }, { text: "and a category." }],
    usage: { input: 900, output: 40 },
  },
  {
    when: { last: "Write notes" },
    repeat: true,
    steps: [{ tool: "propose_plan", input: { goal: "Write notes", steps: [{ title: "Write notes.md" }] } }],
  },
  { when: { last: "rejected this call of propose_plan" }, repeat: true, steps: [{ text: "No plan, then." }] },
  {
    when: { tool_result: "propose_plan" },
    repeat: true,
    steps: [{ tool: "write_file", input: { path: "notes.md", content: NOTE } }],
  },
  { when: { last: "They said: Not now" }, repeat: true, steps: [{ text: "Then I leave it." }] },
  { when: { tool_result: "write_file" }, repeat: true, steps: [{ text: "The notes are written." }] },
  {
    when: { last: "Plan slowly" },
    repeat: true,
    // As many turns of the loop as it takes a person to look elsewhere.
    steps: [
      { wait: 2_000_000 },
      { tool: "propose_plan", input: { goal: "Slow", steps: [{ title: "Wait" }] } },
    ],
  },
  { when: { last: "Wait for me" }, repeat: true, steps: [{ text: "I begin" }, { hang: true }] },
];

/** Makes the scripted provider the one of a window's folder. */
export async function useScript(workbench: Workbench): Promise<void> {
  const file = path.join(workbench.folder ?? "", "answers.json");
  await writeFile(file, JSON.stringify({ version: 1, answers: ANSWERS }));
  await writeHub(workbench, { kind: "scripted", script: "answers.json", model: "scripted-1" });
}

/** The page of the chat, shown. */
export async function openChat(workbench: Workbench): Promise<Frame> {
  await workbench.runCommand("Aksara: Open Agent Chat");
  return await chatFrame(workbench);
}

export async function chatFrame(workbench: Workbench): Promise<Frame> {
  const frame = await workbench.webview(/./);
  await frame.locator("aksara-composer textarea").waitFor();
  return frame;
}

/** Begins a chat, and waits until it has the focus: a palette that closes gives it back to somewhere else before. */
export async function beginChat(workbench: Workbench, frame: Frame): Promise<void> {
  await workbench.runCommand("Aksara: New Chat");
  await frame.getByRole("heading", { name: "Ask about your backend" }).waitFor();
  await frame.locator("aksara-composer textarea:focus").waitFor();
}

export async function say(frame: Frame, text: string): Promise<void> {
  // Its role is another one while something is suggested.
  const box = frame.locator("aksara-composer textarea");
  // A palette that is still closing takes the focus, and what is typed then goes nowhere.
  for (let tries = 0; (await box.inputValue()) !== text && tries < 10; tries++) {
    await box.fill(text);
    await frame.waitForTimeout(100);
  }
  await frame.locator("aksara-composer button.send:not(:disabled)").waitFor();
  await box.press("Enter");
}
