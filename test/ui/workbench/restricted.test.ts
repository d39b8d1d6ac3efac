import assert from "node:assert/strict";
import { openSession, type Session } from "../../support/session.ts";
import { openChat } from "./chat-window.ts";
import { flowPanel, vsix, workspace } from "./shop-window.ts";

describe("Restricted Mode, as a person meets it", function () {
  this.timeout(120_000);
  let session: Session;

  before(async () => {
    const settings = { "security.workspace.trust.banner": "always" };
    session = await openSession({ vsix: [vsix], workspaceTrust: true, settings });
  });
  after(() => session.close());

  it("V05 packs are built, the panel says why nothing runs, and no longer once the folder is trusted", async () => {
    const workbench = await session.open(workspace("shop-django"));
    await workbench.page.locator(".part.banner", { hasText: "Restricted Mode" }).waitFor();
    await workbench.openContainer("Aksara Studio");
    await workbench.openFile("catalog/models.py");
    await workbench.codeLens("Explain Model").first().waitFor();
    await workbench.putCursorAt("class Product(");
    await workbench.runCommand("Aksara: Explain Model");
    const frame = await flowPanel(workbench, "Explain Model: catalog.Product");
    await frame.getByText("Run AI is off: This folder is in Restricted Mode.").waitFor();
    await frame.getByText("catalog_product").first().waitFor();
    assert.ok(await frame.getByRole("button", { name: "Run AI" }).isDisabled());
    await workbench.screenshot("restricted-dark");

    await workbench.showViews("AI Hub");
    const hub = await workbench.view("AI Hub");
    await hub.locator(".monaco-list-row", { hasText: "off in Restricted Mode" }).click();
    await workbench.page.locator(".workspace-trust-editor").waitFor();

    await workbench.grantTrust();
    await workbench.page.locator(".tab", { hasText: "Explain Model" }).click();
    const trusted = await flowPanel(workbench, "Explain Model: catalog.Product");
    await trusted.getByText("Run AI is off: No AI provider is configured.").waitFor();
    await workbench.close();
  });

  // Red when `ChatHost.#open` opens the agents of a folder that is not trusted.
  it("V05 the chat says why no agent works, sends nothing by whatever way, and keeps what was typed until it may", async () => {
    const workbench = await session.open(workspace("shop-django"));
    await workbench.page.locator(".part.banner", { hasText: "Restricted Mode" }).waitFor();
    const frame = await openChat(workbench);
    await frame.getByRole("heading", { name: "Restricted Mode" }).waitFor();
    const field = frame.locator("aksara-composer textarea");
    await field.fill("Which models are there?");
    await field.press("Enter");
    assert.ok(await frame.getByRole("button", { name: "Send" }).isDisabled());
    await workbench.screenshot("chat-restricted");

    await workbench.runCommand("Aksara: Ask Agent…");
    await workbench.page.locator(".quick-input-widget input.input").fill("Tell me all");
    await workbench.page.keyboard.press("Enter");
    await frame
      .locator(".failure")
      .getByText("This folder is in Restricted Mode: no agent works in it.")
      .waitFor();
    assert.equal(await frame.locator("aksara-user-message").count(), 0);

    await workbench.grantTrust();
    await frame.getByRole("heading", { name: "No language model yet" }).waitFor();
    assert.equal(await field.inputValue(), "Which models are there?");
    await workbench.close();
  });
});
