import { crc32 } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** One picture of several. */
export interface AnimationFrame {
  /** A whole PNG file. */
  readonly png: Buffer;
  /** How long it stands, in milliseconds. */
  readonly milliseconds: number;
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/**
 * One animated PNG of several pictures, shown over and over. A program that knows no animation shows the first.
 * @throws RangeError when the pictures are not of one size and one kind of pixel
 */
export function animatedPng(frames: readonly AnimationFrame[]): Buffer {
  const read = frames.map(({ png, milliseconds }) => ({ chunks: chunksOf(png), milliseconds }));
  const [first] = read;
  if (!first) throw new RangeError("There is no picture.");
  const header = dataOf(first.chunks, "IHDR");
  if (!read.every(({ chunks }) => dataOf(chunks, "IHDR").equals(header)))
    throw new RangeError("The pictures are not of one size and one kind of pixel.");
  let sequence = 0;
  const parts = read.flatMap(({ chunks, milliseconds }, index) => [
    chunk("fcTL", Buffer.concat([numbers(sequence++), frameControl(header, milliseconds)])),
    ...chunks
      .filter(({ type }) => type === "IDAT")
      .map(({ data }) =>
        index === 0 ? chunk("IDAT", data) : chunk("fdAT", Buffer.concat([numbers(sequence++), data])),
      ),
  ]);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    // How many there are, and how often they are shown: 0 is for ever.
    chunk("acTL", numbers(frames.length, 0)),
    ...parts,
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The whole picture, put in the place of the one before. */
function frameControl(header: Buffer, milliseconds: number): Buffer {
  const delay = Buffer.alloc(6);
  delay.writeUInt16BE(milliseconds, 0);
  delay.writeUInt16BE(1000, 2);
  return Buffer.concat([header.subarray(0, 8), numbers(0, 0), delay]);
}

function chunksOf(png: Buffer): readonly Chunk[] {
  if (!png.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new RangeError("This is no PNG.");
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function dataOf(chunks: readonly Chunk[], wanted: string): Buffer {
  const found = chunks.find(({ type }) => type === wanted);
  if (!found) throw new RangeError(`The picture has no ${wanted}.`);
  return found.data;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  return Buffer.concat([numbers(data.length), body, numbers(crc32(body))]);
}

function numbers(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) buffer.writeUInt32BE(value, index * 4);
  return buffer;
}
