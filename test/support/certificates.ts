import { createPrivateKey, createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface Identity {
  readonly name: Buffer;
  readonly privateKey: KeyObject;
}

/** A certificate authority of its own and a certificate of it for 127.0.0.1 and localhost, made on the spot. */
export function makeCertificates(): { readonly ca: string; readonly server: Certificate } {
  const authority = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const issuer: Identity = { name: distinguishedName("Aksara test CA"), privateKey: authority.privateKey };
  const ca = certificate(issuer, issuer.name, authority.publicKey, [
    extension("2.5.29.19", sequence(tlv(0x01, Buffer.of(0xff)))),
    extension("2.5.29.15", tlv(0x03, Buffer.of(1, 0x06))),
  ]);
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const names = [
    tlv(0x82, Buffer.from("localhost")),
    tlv(0x87, Buffer.of(127, 0, 0, 1)),
    tlv(0x82, Buffer.from("provider.test")),
  ];
  const cert = certificate(issuer, distinguishedName("provider.test"), own.publicKey, [
    extension("2.5.29.17", sequence(...names)),
  ]);
  return { ca, server: { cert, key: own.privateKey.export({ type: "pkcs8", format: "pem" }).toString() } };
}

function certificate(
  issuer: Identity,
  subject: Buffer,
  publicKey: KeyObject,
  extensions: readonly Buffer[],
): string {
  const algorithm = sequence(oid("1.2.840.113549.1.1.11"), tlv(0x05, Buffer.alloc(0)));
  const serial = randomBytes(8);
  serial[0] = 0x01;
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, serial),
    algorithm,
    issuer.name,
    sequence(time("20200101000000Z"), time("21200101000000Z")),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = createSign("sha256")
    .update(body)
    .sign(createPrivateKey(issuer.privateKey.export({ type: "pkcs8", format: "pem" })));
  const der = sequence(body, algorithm, tlv(0x03, Buffer.concat([Buffer.of(0), signature])));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(oid("2.5.4.3"), tlv(0x0c, Buffer.from(name)))));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), tlv(0x04, value));
}

function time(text: string): Buffer {
  return tlv(0x18, Buffer.from(text));
}

function sequence(...items: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(items));
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return tlv(0x06, Buffer.from(bytes));
}

/** Tag, length, value: the way of DER. */
function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), value]);
  const digits: number[] = [];
  for (let left = length; left > 0; left >>= 8) digits.unshift(left & 0xff);
  return Buffer.concat([Buffer.of(tag, 0x80 | digits.length, ...digits), value]);
}
