import { AksaraError } from "../../errors.ts";

/**
 * A compact form of JSON values for the disk and for other threads: keys and strings are told once, objects name their
 * keys by a number, integers take as many bytes as they need. A fifth of the same value as JSON for what stacks find,
 * and read in about the time that JSON takes. An object that is there twice is told once and read as one object.
 */

const CONSTANT = 0;
const INTEGER = 1;
const NEGATIVE = 2;
const STRING = 3;
const ARRAY = 4;
const OBJECT = 5;
const NUMBER = 6;
const AGAIN = 7;
/** A code is a kind in the low bits and a count, an index or a value above them. */
const KINDS = 8;

const CONSTANTS: readonly unknown[] = [null, true, false, undefined];
/** The largest integer whose code is still exact. */
const MAX_INTEGER = 2 ** 49;
const HEADER_BYTES = 8;
/** Bytes of the longest code, with a number of eight bytes after it. */
const LONGEST_CODE = 16;

interface Header {
  readonly strings: readonly string[];
  readonly shapes: readonly (readonly string[])[];
}

/** The keys of objects, reached from those of a shorter one; without a number as long as no object has just these. */
interface Shape {
  readonly keys: readonly string[];
  readonly next: Map<string, Shape>;
  number: number;
}

/** @param value made of what JSON knows; properties that are undefined are left out, as JSON does */
export function pack(value: unknown): Uint8Array<ArrayBuffer> {
  return new Packer().pack(value);
}

/** @throws RUNTIME_ERROR when the bytes are not of `pack` */
export function unpack(bytes: Uint8Array): unknown {
  return new Unpacker(bytes).read();
}

class Packer {
  readonly #strings = new Map<string, number>();
  readonly #root: Shape = { keys: [], next: new Map(), number: -1 };
  readonly #keys: (readonly string[])[] = [];
  readonly #seen = new Map<object, number>();
  readonly #double = new DataView(new ArrayBuffer(8));
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1024);
  #length = 0;

  pack(value: unknown): Uint8Array<ArrayBuffer> {
    this.#write(value);
    const header: Header = { strings: [...this.#strings.keys()], shapes: this.#keys };
    const text = new TextEncoder().encode(JSON.stringify(header));
    const result = new Uint8Array(HEADER_BYTES + text.length + this.#length);
    const view = new DataView(result.buffer);
    view.setUint32(0, text.length);
    view.setUint32(4, this.#length);
    result.set(text, HEADER_BYTES);
    result.set(this.#bytes.subarray(0, this.#length), HEADER_BYTES + text.length);
    return result;
  }

  #write(value: unknown): void {
    switch (typeof value) {
      case "string":
        this.#code(STRING, numberOf(this.#strings, value));
        return;
      case "number":
        this.#number(value);
        return;
      case "object":
        if (value === null) this.#code(CONSTANT, 0);
        else this.#object(value);
        return;
      case "boolean":
        this.#code(CONSTANT, value ? 1 : 2);
        return;
      default:
        // As JSON does in a list; keys of such values are left out.
        this.#code(CONSTANT, value === undefined ? 3 : 0);
    }
  }

  #object(value: object): void {
    const known = this.#seen.get(value);
    if (known !== undefined) {
      this.#code(AGAIN, known);
      return;
    }
    this.#seen.set(value, this.#seen.size);
    if (Array.isArray(value)) {
      this.#code(ARRAY, value.length);
      for (const item of value) this.#write(item);
      return;
    }
    const shape = this.#shapeOf(value);
    this.#code(OBJECT, shape.number);
    for (const key of shape.keys) this.#write((value as Readonly<Record<string, unknown>>)[key]);
  }

  /** Found key by key, since a list of keys as one text would have to be put together for every object. */
  #shapeOf(value: object): Shape {
    let shape = this.#root;
    for (const key in value) {
      const part = (value as Readonly<Record<string, unknown>>)[key];
      if (!isKept(part)) continue;
      let next = shape.next.get(key);
      if (!next) {
        next = { keys: [...shape.keys, key], next: new Map(), number: -1 };
        shape.next.set(key, next);
      }
      shape = next;
    }
    if (shape.number === -1) shape.number = this.#keys.push(shape.keys) - 1;
    return shape;
  }

  #number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < MAX_INTEGER && !Object.is(value, -0)) {
      this.#code(value < 0 ? NEGATIVE : INTEGER, Math.abs(value));
      return;
    }
    this.#code(NUMBER, 0);
    this.#double.setFloat64(0, value);
    for (let at = 0; at < 8; at++) this.#bytes[this.#length++] = this.#double.getUint8(at);
  }

  #code(kind: number, argument: number): void {
    if (this.#length + LONGEST_CODE > this.#bytes.length) this.#grow();
    let rest = argument * KINDS + kind;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

class Unpacker {
  readonly #bytes: Uint8Array;
  readonly #strings: readonly string[];
  readonly #shapes: readonly (readonly string[])[];
  readonly #seen: unknown[] = [];
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array) {
    if (bytes.length < HEADER_BYTES) throw damaged();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const start = HEADER_BYTES + view.getUint32(0);
    this.#end = start + view.getUint32(4);
    if (this.#end > bytes.length) throw damaged();
    const header: Header = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_BYTES, start)));
    this.#strings = header.strings;
    this.#shapes = header.shapes;
    this.#bytes = bytes;
    this.#at = start;
  }

  read(): unknown {
    const code = this.#code();
    const kind = code % KINDS;
    const argument = (code - kind) / KINDS;
    switch (kind) {
      case CONSTANT:
        return CONSTANTS[argument];
      case INTEGER:
        return argument;
      case NEGATIVE:
        return -argument;
      case STRING:
        return this.#strings[argument];
      case ARRAY:
        return this.#array(argument);
      case OBJECT:
        return this.#object(this.#shapes[argument] ?? []);
      case NUMBER:
        return this.#number();
      default:
        return this.#seen[argument];
    }
  }

  #array(length: number): unknown[] {
    if (length > this.#end - this.#at) throw damaged();
    // One that grows takes room for seventeen items; most are places, and have four.
    const items = new Array<unknown>(length);
    this.#seen.push(items);
    for (let at = 0; at < length; at++) items[at] = this.read();
    return items;
  }

  #object(keys: readonly string[]): object {
    const result: Record<string, unknown> = {};
    this.#seen.push(result);
    for (const key of keys) {
      const value = this.read();
      if (key !== "__proto__") result[key] = value;
      else
        Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return result;
  }

  #number(): number {
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 8);
    this.#at += 8;
    return view.getFloat64(0);
  }

  #code(): number {
    let byte = this.#next();
    if (byte < 128) return byte;
    let code = byte - 128;
    for (let unit = 128; ; unit *= 128) {
      byte = this.#next();
      if (byte < 128) return code + byte * unit;
      code += (byte - 128) * unit;
    }
  }

  #next(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined || this.#at > this.#end) throw damaged();
    return byte;
  }
}

function isKept(value: unknown): boolean {
  return value !== undefined && typeof value !== "function" && typeof value !== "symbol";
}

function numberOf(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

function damaged(): AksaraError {
  return new AksaraError("RUNTIME_ERROR", "What was kept of a workspace is damaged.");
}
