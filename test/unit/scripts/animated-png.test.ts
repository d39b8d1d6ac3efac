import assert from "node:assert/strict";
import { crc32, deflateSync } from "node:zlib";
import { animatedPng } from "../../../scripts/animated-png.ts";

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A picture of one grey pixel after the other. */
function picture(width: number, grey: number): Buffer {
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.from([0, ...Array<number>(width).fill(grey)]))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunksOf(png: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  const chunks = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    assert.equal(png.readUInt32BE(at + 8 + length), crc32(body), "every part has its right sum");
    chunks.push({ type: body.toString("latin1", 0, 4), data: body.subarray(4) });
    at += length + 12;
  }
  return chunks;
}

describe("an animated PNG", () => {
  it("has every picture in its order, the first as one that any program shows", () => {
    const [dark, light] = [picture(2, 10), picture(2, 200)];
    const made = animatedPng([
      { png: dark, milliseconds: 500 },
      { png: light, milliseconds: 1500 },
    ]);
    const chunks = chunksOf(made);
    assert.deepEqual(
      chunks.map(({ type }) => type),
      ["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "IEND"],
    );
    const [, actl, first, idat, second, fdat] = chunks.map(({ data }) => data);
    assert.equal(actl?.readUInt32BE(0), 2);
    assert.deepEqual([first?.readUInt32BE(0), second?.readUInt32BE(0), fdat?.readUInt32BE(0)], [0, 1, 2]);
    assert.deepEqual(
      [first?.readUInt16BE(20), second?.readUInt16BE(20), second?.readUInt16BE(22)],
      [500, 1500, 1000],
    );
    const pixels = (png: Buffer) => chunksOf(png).find(({ type }) => type === "IDAT")?.data;
    assert.deepEqual(idat, pixels(dark));
    assert.deepEqual(fdat?.subarray(4), pixels(light));
  });

  it("is not made of pictures that do not fit together", () => {
    const frames = [picture(2, 10), picture(3, 10)].map((png) => ({ png, milliseconds: 100 }));
    assert.throws(() => animatedPng(frames), RangeError);
    assert.throws(() => animatedPng([]), RangeError);
  });
});
