/**
 * Certificate requests (PKCS #10, RFC 2986), read as far as it takes to see that whoever made one
 * has the key it asks a certificate for.
 */
// oxlint-disable-next-line eslint/no-restricted-imports -- pure: nothing of the world is touched.
import { createPublicKey, verify } from "node:crypto";
import { pemBlocks, textOfBytes } from "./pem.ts";

/** Object identifiers of signature algorithms, as bytes in hex; null: the key says it all. */
const DIGESTS: ReadonlyMap<string, string | null> = new Map([
  ["2a864886f70d010105", "sha1"],
  ["2a864886f70d01010b", "sha256"],
  ["2a864886f70d01010c", "sha384"],
  ["2a864886f70d01010d", "sha512"],
  ["2a8648ce3d040302", "sha256"],
  ["2a8648ce3d040303", "sha384"],
  ["2a8648ce3d040304", "sha512"],
  ["2b6570", null],
]);

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const OBJECT_IDENTIFIER = 0x06;
const MALFORMED = "x509: malformed certificate request";

/** What is wrong with `spec.request`; undefined if nothing. */
export function requestProblem(base64: string): string | undefined {
  const [block] = pemBlocks(textOfBytes(base64));
  if (block?.label !== "CERTIFICATE REQUEST") {
    return "PEM block type must be CERTIFICATE REQUEST";
  }
  const request = parseRequest(block.der);
  if (request === undefined) return MALFORMED;
  const digest = DIGESTS.get(request.algorithm);
  if (digest === undefined) return "x509: cannot verify signature: algorithm unimplemented";
  try {
    const key = createPublicKey({ key: Buffer.from(request.key), format: "der", type: "spki" });
    const isGenuine = verify(digest, request.signed, key, request.signature);
    return isGenuine ? undefined : "x509: signature verification failure";
  } catch {
    return MALFORMED; // no such key: its bytes come from the user
  }
}

type CertificateRequest = {
  readonly signed: Uint8Array;
  readonly key: Uint8Array;
  readonly algorithm: string;
  readonly signature: Uint8Array;
};

function parseRequest(der: Uint8Array): CertificateRequest | undefined {
  const whole = readElement(der, 0);
  if (whole?.tag !== SEQUENCE || whole.end !== der.length) return undefined;
  const [info, algorithm, signature] = elementsOf(der, whole);
  if (info?.tag !== SEQUENCE || algorithm?.tag !== SEQUENCE) return undefined;
  if (signature?.tag !== BIT_STRING) return undefined;
  const [, , key] = elementsOf(der, info); // version, subject, key
  const [identifier] = elementsOf(der, algorithm);
  if (key?.tag !== SEQUENCE || identifier?.tag !== OBJECT_IDENTIFIER) return undefined;
  return {
    signed: der.subarray(info.start, info.end),
    key: der.subarray(key.start, key.end),
    algorithm: Buffer.from(der.subarray(identifier.content, identifier.end)).toString("hex"),
    signature: der.subarray(signature.content + 1, signature.end), // after the unused bits
  };
}

type Element = {
  readonly tag: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
};

/** The elements inside another one; fewer if they are malformed. */
function elementsOf(der: Uint8Array, outer: Element): readonly Element[] {
  const elements: Element[] = [];
  for (let at = outer.content; at < outer.end;) {
    const element = readElement(der, at);
    if (element === undefined || element.end > outer.end) return elements;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

function readElement(der: Uint8Array, start: number): Element | undefined {
  const tag = der[start];
  const first = der[start + 1];
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4 || first === 0x80) return undefined;
  let length = first < 0x80 ? first : 0;
  for (let index = 0; index < lengthBytes; index += 1) {
    length = length * 256 + (der[start + 2 + index] ?? 0);
  }
  const content = start + 2 + lengthBytes;
  const end = content + length;
  return end > der.length ? undefined : { tag, start, content, end };
}
