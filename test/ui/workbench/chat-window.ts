import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import type { ScriptInput } from "../../../src/providers/connectors/script.ts";
import type { Workbench } from "../../support/workbench.ts";
import { writeHub } from "./run-panel.ts";

export const NOTE = "# Notes\n\nThe shop sells books.\n";

export const COORDINATOR = "You are the coordinator";
export const PLANNER = "You are the planner";
export const EXECUTOR = "You are the executor";
const NOTES_STEP = { type: "create_file", path: "notes.md", purpose: "says what the shop sells" };

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
    when: { system: COORDINATOR, last: "Write notes" },
    repeat: true,
    steps: [{ tool: "hand_off", input: { agent: "planner", task: "Plan notes of what the shop sells." } }],
  },
  {
    when: { system: PLANNER, last: "Plan notes" },
    repeat: true,
    steps: [{ tool: "propose_plan", input: { goal: "What the shop sells", actions: [NOTES_STEP] } }],
  },
  {
    when: { system: PLANNER, last: "rejected this call of propose_plan" },
    repeat: true,
    steps: [{ text: "It was rejected." }],
  },
  {
    when: { system: PLANNER, tool_result: "propose_plan" },
    repeat: true,
    steps: [{ text: "It is planned." }],
  },
  {
    when: { system: COORDINATOR, last: "It was rejected" },
    repeat: true,
    steps: [{ text: "No plan, then." }],
  },
  {
    when: { system: COORDINATOR, last: "It is planned" },
    repeat: true,
    steps: [{ tool: "hand_off", input: { agent: "executor", task: "Carry out the plan." } }],
  },
  {
    when: { system: EXECUTOR, last: "Carry out step" },
    repeat: true,
    steps: [{ tool: "write_file", input: { path: "notes.md", content: NOTE } }],
  },
  {
    when: { system: EXECUTOR, last: "They said: Not now" },
    repeat: true,
    steps: [{ text: "Nothing was written." }],
  },
  { when: { system: EXECUTOR, tool_result: "write_file" }, repeat: true, steps: [{ text: "It is there." }] },
  {
    when: { system: COORDINATOR, last: "Nothing was written" },
    repeat: true,
    steps: [{ text: "Then I leave it." }],
  },
  {
    when: { system: COORDINATOR, last: "It is there" },
    repeat: true,
    steps: [{ text: "The notes are written." }],
  },
  {
    when: { last: "Plan slowly" },
    repeat: true,
    // As many turns of the loop as it takes a person to look elsewhere.
    steps: [
      { wait: 2_000_000 },
      { tool: "hand_off", input: { agent: "planner", task: "Plan notes, at last." } },
    ],
  },
  { when: { last: "Wait for me" }, repeat: true, steps: [{ text: "I begin" }, { hang: true }] },
];

/** Makes the scripted provider the one of a window's folder. */
export async function useScript(workbench: Workbench, answers = ANSWERS): Promise<void> {
  const file = path.join(workbench.folder ?? "", "answers.json");
  await writeFile(file, JSON.stringify({ version: 1, answers }));
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
