/**
 * A provider's server in a process of its own, so that its work is not counted as a client's: answers each request in
 * the form that the first part of the path names, with as many deltas as the second says. Prints its port.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { STREAM_FORMS } from "./stream-forms.ts";

/** What a socket carries in one read. */
const DELTAS_PER_WRITE = 16;

const bodies = new Map<string, readonly string[]>();

function piecesOf(name: string, deltas: number): readonly string[] {
  const id = `${name} ${deltas}`;
  const known = bodies.get(id);
  if (known) return known;
  const form = STREAM_FORMS[name];
  if (!form) throw new Error(`no form ${name}`);
  const texts = Array.from({ length: deltas }, (_, at) => form.delta(` tok${at}`));
  const pieces: string[] = [form.start];
  for (let at = 0; at < deltas; at += DELTAS_PER_WRITE)
    pieces.push(texts.slice(at, at + DELTAS_PER_WRITE).join(""));
  pieces.push(form.end);
  bodies.set(id, pieces);
  return pieces;
}

const server = createServer(async (request, response) => {
  request.resume();
  const [, name = "", deltas = ""] = (request.url ?? "").split("/").map(decodeURIComponent);
  response.writeHead(200, { "content-type": STREAM_FORMS[name]?.contentType ?? "text/plain" });
  for (const piece of piecesOf(name, Number(deltas))) {
    if (piece !== "" && !response.write(piece))
      await new Promise((resolve) => response.once("drain", resolve));
  }
  response.end();
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
