/**
 * The data directory of a database as one block of bytes: what a freshly initialised one ships as, and how one with a
 * workspace's schema is kept. Four bytes length of the head, the head as JSON, then the files one after the other.
 */

export interface DataImage {
  /** What the writer wanted to be told again. */
  readonly label: string;
  /** Folders below the data directory, parents first. */
  readonly folders: readonly string[];
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

interface ImageHead {
  readonly magic: string;
  readonly label: string;
  readonly folders: readonly string[];
  readonly files: readonly (readonly [path: string, length: number])[];
}

const MAGIC = "aksara-data-image 1";

export function encodeImage(image: DataImage): Uint8Array {
  const head: ImageHead = {
    magic: MAGIC,
    label: image.label,
    folders: image.folders,
    files: image.files.map(({ path, bytes }) => [path, bytes.length]),
  };
  const headBytes = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(headBytes.length);
  return Buffer.concat([length, headBytes, ...image.files.map(({ bytes }) => bytes)]);
}

/** The image in `bytes`, sharing their memory; null when they are no whole image. */
export function decodeImage(bytes: Uint8Array): DataImage | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 4) return null;
  const headLength = buffer.readUInt32LE(0);
  if (headLength > buffer.length - 4) return null;
  const head = parseHead(buffer.toString("utf8", 4, 4 + headLength));
  if (head === null) return null;
  let at = 4 + headLength;
  const files = head.files.map(([path, length]) => {
    const content = buffer.subarray(at, at + length);
    at += length;
    return { path, bytes: content };
  });
  return at === buffer.length ? { label: head.label, folders: head.folders, files } : null;
}

function parseHead(text: string): ImageHead | null {
  try {
    const head: ImageHead = JSON.parse(text);
    return head.magic === MAGIC ? head : null;
  } catch {
    return null;
  }
}
