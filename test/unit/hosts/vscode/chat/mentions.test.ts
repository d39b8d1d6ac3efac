import assert from "node:assert/strict";
import {
  MentionCompletions,
  type MentionSources,
} from "../../../../../src/hosts/vscode/chat/mention-completions.ts";
import {
  mentionOf,
  mentionsIn,
  mentionText,
  withoutPunctuation,
} from "../../../../../src/hosts/vscode/chat/mentions.ts";
import { messageText, readMessage } from "../../../../../src/hosts/vscode/chat/message-text.ts";
import { nameFit } from "../../../../../src/hosts/vscode/chat/name-fit.ts";
import { commandIn } from "../../../../../src/hosts/vscode/chat/slash-commands.ts";
import { tokenAt } from "../../../../../webview/chat/completion-token.ts";
import { type OpenedWorkspace, openSample } from "../../../flows/open-workspace.ts";

describe("what a message mentions", () => {
  it("V04 is read out of its text, whatever stands around it", () => {
    const text =
      'Is @model:orders.Order (see @file:"read me.md") like @route:GET:/api/orders/{id}? ask a@model:b.C, @model:orders.Order';
    assert.deepEqual(
      mentionsIn(text).map(({ kind, name }) => [kind, name]),
      [
        ["model", "orders.Order"],
        ["file", "read me.md"],
        ["route", "GET:/api/orders/{id}?"],
      ],
    );
    const [, , route] = mentionsIn(text);
    assert.equal(route && withoutPunctuation(route)?.name, "GET:/api/orders/{id}");
    assert.equal(mentionText("file", "a b.md"), '@file:"a b.md"');
    assert.equal(mentionText("file", 'a"b.md'), null);
  });

  it("V04 a command stands at the beginning, and a path is none", () => {
    assert.deepEqual(commandIn("/explain_model @model:"), { name: "explain_model", words: "" });
    assert.deepEqual(commandIn("/plan Add a slug\nand a test"), {
      name: "plan",
      words: "Add a slug\nand a test",
    });
    for (const text of ["/api/orders is slow", "see /plan", "/", "/3"])
      assert.equal(commandIn(text), null, text);
  });

  it("V04 what is typed is completed behind @ and / alone", () => {
    const at = (text: string) => {
      const token = tokenAt(text, text.length);
      return token && [token.trigger, token.query, token.start];
    };
    assert.deepEqual(at("Why @"), ["@", "", 4]);
    assert.deepEqual(at('(@file:"my fi'), ["@", 'file:"my fi', 1]);
    assert.deepEqual(at("/exp"), ["/", "exp", 0]);
    for (const text of ["a@b", "GET /api", "/explain_model ", "@model:a done"])
      assert.equal(at(text), null, text);
    assert.equal(tokenAt("Why @Or slow", 7)?.query, "Or");
  });

  it("V04 a message is taken apart as it was put together", () => {
    const messages = [
      { text: "Why?", attached: [], prompt: null },
      { text: "Why?\n\nThis is about:\n- me", attached: ["model a.B (a.py:1)", "file c d.md"], prompt: null },
      { text: "/explain_model a.B", attached: ["model a.B"], prompt: "Facts\n\nThis is about:\n- data" },
    ];
    for (const message of messages) assert.deepEqual(readMessage(messageText(message)), message);
  });

  it("a name that begins so comes before one that has it, and that before one that only has its letters", () => {
    const names = [
      "sales_orders",
      "catalog.Order",
      "Order",
      "disorder",
      "order_lines",
      "our deer",
      "customer",
    ];
    const found = names
      .flatMap((name) => {
        const fit = nameFit("order", name);
        return fit === null ? [] : [{ name, fit }];
      })
      .sort((a, b) => a.fit - b.fit)
      .map(({ name }) => name);
    assert.deepEqual(found, [
      "Order",
      "order_lines",
      "sales_orders",
      "catalog.Order",
      "disorder",
      "our deer",
    ]);
  });
});

describe("completion from the catalog", function () {
  this.timeout(60_000);
  let opened: OpenedWorkspace;
  let sources: MentionSources;
  const completions = new MentionCompletions();

  before(async () => {
    opened = await openSample("shop-django");
    const view = await opened.studio.view();
    sources = { view, near: [view.catalog.findModel("orders.Order")], files: ["README.md", "docs/a b.md"] };
  });
  after(() => opened.close());

  const inserts = async (typed: string) =>
    (await completions.find(typed, sources)).map(({ insert }) => insert);

  it("V04 begins with what is near, and has something of every kind", async () => {
    const all = await inserts("");
    assert.equal(all[0], "@model:orders.Order");
    for (const kind of ["model", "route", "query", "migration", "issue", "file"])
      assert.ok(
        all.some((insert) => insert.startsWith(`@${kind}:`)),
        kind,
      );
  });

  it("V04 finds by name, by table, by a field, and in spite of a typing error", async () => {
    assert.equal((await inserts("OrderItem"))[0], "@model:orders.OrderItem");
    assert.equal((await inserts("model:Ord"))[0], "@model:orders.Order", "not what only lies in orders");
    assert.equal((await inserts("model:orders_orderitem"))[0], "@model:orders.OrderItem");
    assert.ok((await inserts("model:Prodcut")).includes("@model:catalog.Product"));
    assert.ok((await inserts("model:contact_email")).includes("@model:orders.Order"));
    assert.deepEqual(await inserts("file:a b"), ['@file:"docs/a b.md"']);
    assert.deepEqual(await inserts("model:zzzzqqqq"), []);
    const routes = await inserts("route:orders cancel");
    assert.ok(routes.some((insert) => insert.includes("cancel")));
  });

  it("V04 whatever it offers is read back as the same thing", async () => {
    const { catalog, findings } = sources.view;
    const targets = [
      ...catalog.objects(),
      ...findings.map((finding) => ({ kind: "diagnostic" as const, finding })),
    ];
    for (const target of targets) {
      const text = mentionOf(target, catalog);
      assert.ok(text !== null);
      const [mention, ...others] = mentionsIn(`see ${text}, please`);
      assert.deepEqual(others, []);
      const written = mention && (mention.text === text ? mention : withoutPunctuation(mention));
      assert.equal(written?.text, text);
    }
  });
});
