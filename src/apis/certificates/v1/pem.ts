/** Text armour of keys and certificates (RFC 7468), read in one pass. */

export type PemBlock = {
  /** `CERTIFICATE` */
  readonly label: string;
  readonly hasHeaders: boolean;
  readonly der: Uint8Array;
};

const BEGIN = "-----BEGIN ";
const DASHES = "-----";
const END = "-----END ";

/** All whole blocks of a text, in order; what stands between them is passed over. */
export function pemBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let bodyEnd = -1;
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at)) {
    const labelEnd = text.indexOf(DASHES, at + BEGIN.length);
    if (labelEnd < 0) break;
    const label = text.slice(at + BEGIN.length, labelEnd);
    const bodyStart = labelEnd + DASHES.length;
    const end = `${END}${label}${DASHES}`;
    if (bodyEnd < bodyStart) bodyEnd = text.indexOf(END, bodyStart);
    if (bodyEnd < 0) break;
    if (!text.startsWith(end, bodyEnd) || label.includes("\n")) {
      at = bodyStart;
      continue;
    }
    blocks.push({ label, ...readBody(text.slice(bodyStart, bodyEnd)) });
    at = bodyEnd + end.length;
  }
  return blocks;
}

/** The bytes a Kubernetes field of type bytes stands for, as text. */
export function textOfBytes(base64: string): string {
  return Buffer.from(base64, "base64").toString("latin1");
}

function readBody(body: string): Pick<PemBlock, "hasHeaders" | "der"> {
  const lines = body.split("\n").map((line) => line.trim());
  const encoded = lines.filter((line) => !line.includes(":"));
  return {
    hasHeaders: encoded.length < lines.length,
    der: Buffer.from(encoded.join(""), "base64"),
  };
}
