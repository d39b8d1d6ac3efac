import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "mocha";
import { MAX_FILE_BYTES } from "../../../../src/workspace/index/source-walk.ts";
import {
  WorkspaceIndex,
  type WorkspaceIndexOptions,
} from "../../../../src/workspace/index/workspace-index.ts";
import { STACKS } from "../../../../src/workspace/stacks/registry.ts";
import { Dice } from "../../../support/dice.ts";
import { TEST_ASSETS } from "../languages/parser-assets.ts";
import { contentOf } from "./catalog-content.ts";
import { DISKS, type Disk, openRealDisk } from "./disk.ts";
import { toyStack } from "./toy-stack.ts";

const FOLDERS = ["", "shop", "shop/sub", "build", "vendor", "node_modules/x", "env"] as const;
const NAMES = [
  "models.py",
  "views.py",
  "urls.py",
  "__init__.py",
  "apps.py",
  "other.py",
  "notes.md",
  ".env",
] as const;
const CONTENTS: readonly (string | Uint8Array)[] = [
  "",
  "x = 1\n",
  "class A(Toy):\n    pass\n",
  "class B(A):\n    pass\n\n\nclass C(B):\n    pass\n",
  "from django.db import models\n\n\nclass Order(models.Model):\n    total = models.IntegerField()\n",
  "from django.db import models\nfrom shop.models import Order\n\n\nclass Line(Order):\n    order = models.ForeignKey(Order, models.CASCADE)\n",
  "from .models import Order\n\n\ndef view(request):\n    return Order.objects.filter(total=1)\n",
  "class Broken(Toy):\n    x = (1\n\nclass A(Toy):\n    pass\n",
  "# toy-crash\n",
  new Uint8Array([1, 0, 2]),
  new Uint8Array([99, 108, 97, 115, 115, 32, 0xe9]),
  new Uint8Array(MAX_FILE_BYTES + 1).fill(10),
];
const IGNORES = ["", "*.py\n!models.py\n", "sub/\n", "/views.py\n", "shop\n", "!build/\nvendor/*\n"] as const;

const uriIn = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);

/** Does one thing to the workspace; the answer is what a watcher would report, in words and as uris. */
function change(
  disk: Disk,
  dice: Dice,
  files: Set<string>,
): { readonly what: string; readonly uris: string[] } {
  const write = (uri: string, content: string | Uint8Array): { what: string; uris: string[] } => {
    disk.write(uri, content);
    files.add(uri);
    return { what: `write ${uri} (${content.length})`, uris: [uri] };
  };
  const known = [...files].sort();
  const kind = known.length === 0 ? 0 : dice.below(12);
  const folder = dice.pick(FOLDERS);
  switch (kind) {
    case 6: {
      const uri = dice.pick(known);
      disk.remove(uri);
      files.delete(uri);
      return { what: `remove ${uri}`, uris: [uri] };
    }
    case 7: {
      const from = dice.pick(known);
      const to = uriIn(folder, dice.pick(NAMES));
      if (files.has(to)) return write(to, dice.pick(CONTENTS));
      disk.rename(from, to);
      files.delete(from);
      files.add(to);
      return { what: `rename ${from} to ${to}`, uris: [from, to] };
    }
    case 8: {
      const inside = known.filter((uri) => uri.startsWith("shop/"));
      if (inside.length === 0) return write("shop/models.py", dice.pick(CONTENTS));
      disk.remove("shop");
      for (const uri of inside) files.delete(uri);
      return { what: "remove shop/", uris: ["shop"] };
    }
    case 9: {
      const inside = known.filter((uri) => uri.startsWith("shop/"));
      const to = `moved${dice.below(1_000_000)}`;
      if (inside.length === 0) return write("shop/models.py", dice.pick(CONTENTS));
      disk.rename("shop", to);
      for (const uri of inside) {
        files.delete(uri);
        files.add(to + uri.slice("shop".length));
      }
      return { what: `rename shop/ to ${to}/`, uris: ["shop", to] };
    }
    case 10:
      return write(uriIn(folder, dice.pick([".gitignore", ".aksaraignore"])), dice.pick(IGNORES));
    case 11:
      return write(join(folder, "pyvenv.cfg"), "");
    default:
      return write(uriIn(folder, dice.pick(NAMES)), dice.pick(CONTENTS));
  }
}

const threadUrl = new URL("./toy-index-worker.ts", import.meta.url);

const READINGS: readonly {
  readonly title: string;
  readonly seeds: number;
  readonly open: () => Promise<Disk>;
  readonly threadUrl: URL | null;
  /** The reader is closed now and then, and goes on from what it kept. */
  readonly restarts: boolean;
}[] = [
  ...DISKS.map(({ title, open }) => {
    return { title, open, seeds: title === "in memory" ? 60 : 15, threadUrl: null, restarts: false };
  }),
  { title: "with restarts", open: openRealDisk, seeds: 10, threadUrl: null, restarts: true },
  { title: "in a thread", open: openRealDisk, seeds: 5, threadUrl, restarts: false },
  { title: "in a thread, with restarts", open: openRealDisk, seeds: 5, threadUrl, restarts: true },
];

describe("Incremental reading", () => {
  for (const { title, seeds, open, threadUrl: thread, restarts } of READINGS) {
    it(`C03 equals reading from scratch after any changes ${title}`, async function () {
      this.timeout(240_000);
      let mostModels = 0;
      let restarted = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const dice = new Dice(seed);
        const disk = await open();
        const openIndex = (options: Partial<WorkspaceIndexOptions> = {}): WorkspaceIndex =>
          new WorkspaceIndex({
            roots: [{ name: "workspace", path: disk.root }],
            assets: TEST_ASSETS,
            fileSystem: disk.fileSystem,
            stacks: [...STACKS, toyStack],
            ...options,
          });
        const stateFolder = restarts ? join(disk.root, "..", "state") : null;
        let index = openIndex({ threadUrl: thread, stateFolder });
        const files = new Set<string>();
        const story: string[] = [];
        for (let step = 0; step < 15; step++) {
          const uris: string[] = [];
          for (let count = dice.below(4); count > 0; count--) {
            const { what, uris: touched } = change(disk, dice, files);
            story.push(what);
            uris.push(...touched);
          }
          if (restarts && dice.below(3) === 0) {
            story.push("restart");
            restarted++;
            await index.dispose();
            index = openIndex({ threadUrl: thread, stateFolder });
          } else if (dice.below(8) === 0) index.refresh();
          else index.refresh(uris);
          const incremental = await index.catalog();
          const scratch = openIndex();
          const fresh = await scratch.catalog();
          await scratch.dispose();
          assert.deepEqual(contentOf(incremental), contentOf(fresh), `seed ${seed}: ${story.join("; ")}`);
          mostModels = Math.max(mostModels, fresh.models.length);
        }
        await index.dispose();
        await disk.dispose();
      }
      assert.ok(mostModels >= 4, "the changes never led to a catalog worth comparing");
      assert.ok(!restarts || restarted > seeds);
    });
  }
});
