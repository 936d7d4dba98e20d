/**
 * YAML from users and for users, with the meaning kubectl gives it: plain scalars as in YAML 1.1
 * (`yes` is true, `0644` is 420) but without its dates and its numbers to the base of 60. A text
 * is refused where JSON could not hold its value or where its expansion would be out of proportion.
 */
import {
  Composer,
  Document,
  LineCounter,
  Scalar,
  visit,
  type CreateNodeOptions,
  type DocumentOptions,
  type ParseOptions,
  type ScalarTag,
  type SchemaOptions,
  type Tags,
  type YAMLError,
} from "yaml";
import { VALUE_DEPTH_MAX } from "../json-value.ts";
import { DecodeError, type TextPlace } from "./decode-error.ts";
import { decodeJsonText, type Decoded } from "./json.ts";
import { compareNaturally } from "./natural-order.ts";
import { YamlReader } from "./yaml-reader.ts";
import { tokensOf } from "./yaml-tokens.ts";

/**
 * Tokens of a text with one value. Reading YAML costs some ten microseconds a token, and a server
 * does nothing else meanwhile; JSON is not limited so, and block scalars are one token each.
 */
export const YAML_TOKENS_MAX = 200_000;

/** Tokens of a stream of documents, which a user reads from their own files. */
export const YAML_STREAM_TOKENS_MAX = 10_000_000;

/** One document of a stream, and the line its content begins on. */
export type YamlDocument = Decoded & { readonly line: number };

/**
 * The value of the first document in `text`, whatever comes after it; null if there is none. Throws
 * a `DecodeError` for what is not YAML, for values JSON cannot hold, and for more than
 * `YAML_TOKENS_MAX` tokens.
 */
export function decodeYaml(text: string): Decoded {
  const json = /^\s*\{/.test(text) ? decodeAsJson(text) : undefined;
  if (json !== undefined) return json;
  for (const document of readDocuments(text, YAML_TOKENS_MAX)) return document;
  return { value: null, duplicates: [] };
}

/** JSON is YAML, too, and read thirty times as fast when it is known to be JSON. */
function decodeAsJson(text: string): Decoded | undefined {
  try {
    return decodeJsonText(text);
  } catch (error) {
    if (error instanceof DecodeError) return undefined; // a flow mapping, or wrong in YAML's words
    throw error;
  }
}

/** All values of a stream in order; null for an empty document. Throws as `decodeYaml` does. */
export function decodeYamlDocuments(text: string): readonly YamlDocument[] {
  return [...readDocuments(text, YAML_STREAM_TOKENS_MAX)];
}

/** One after the other: who stops early reads no further. */
function* readDocuments(text: string, tokensMax: number): Generator<YamlDocument, void> {
  const lines = new LineCounter();
  const placeAt = (offset: number): TextPlace => placeOf(lines, offset);
  const composer = new Composer(READING);
  const read = (document: Document.Parsed): YamlDocument => {
    refuse(document.errors[0] ?? document.warnings[0], placeAt);
    const { value, duplicates } = new YamlReader(placeAt).read(document.contents);
    const offset = document.contents?.range[0] ?? document.range[0];
    return { value, duplicates, line: placeAt(offset).line };
  };
  for (const token of tokensOf(text, lines, { depthMax: VALUE_DEPTH_MAX, tokensMax })) {
    for (const document of composer.next(token)) yield read(document);
  }
  for (const document of composer.end()) yield read(document);
  refuse(composer.streamInfo().errors[0], placeAt);
}

/** Block style with sorted keys, as kubectl prints it. */
export function encodeYaml(value: unknown): string {
  const document = new Document(value, WRITING);
  visit(document, {
    Scalar: (_, scalar) => {
      if (isMisread(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({
    lineWidth: 0,
    indentSeq: false,
    blockQuote: "literal",
  });
}

function keyText(key: unknown): string {
  return typeof key === "object" && key !== null && "value" in key
    ? String(key.value)
    : String(key);
}

/** `0o17` is octal, as in YAML 1.2 and for kubectl. */
const MODERN_OCTAL: ScalarTag = {
  identify: () => false,
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?0o[0-7]+$/,
  resolve: (text) => {
    const amount = BigInt(text.replace(/^[-+]/, ""));
    return text.startsWith("-") ? -amount : amount;
  },
};

const FOREIGN_TAGS = /:(timestamp|binary|omap|pairs|set)$/;

function kubectlTags(tags: Tags): Tags {
  const known = tags.filter(
    (tag) => typeof tag === "string" || !(tag.format === "TIME" || FOREIGN_TAGS.test(tag.tag)),
  );
  return [MODERN_OCTAL, ...known.map(withDigits)];
}

/** YAML 1.1 takes a point alone for a number; nobody else does. */
function withDigits(tag: Tags[number]): Tags[number] {
  if (!isScalarTag(tag) || tag.test?.test(".") !== true) return tag;
  return { ...tag, test: /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/ };
}

function isScalarTag(tag: Tags[number]): tag is ScalarTag {
  return typeof tag === "object" && tag.collection === undefined;
}

const READING: ParseOptions & DocumentOptions & SchemaOptions = {
  version: "1.1",
  customTags: kubectlTags,
  intAsBigInt: true,
  prettyErrors: false,
  uniqueKeys: false, // its check is quadratic; the reader does its own
};

// All of YAML 1.1 counts here, so that a text that looks like a date to any reader is quoted.
const WRITING: DocumentOptions & SchemaOptions & CreateNodeOptions = {
  version: "1.1",
  customTags: (tags) => [MODERN_OCTAL, ...tags.filter((tag) => !isMergeTag(tag)).map(withDigits)],
  aliasDuplicateObjects: false,
  sortMapEntries: (a, b) => compareNaturally(keyText(a.key), keyText(b.key)),
};

/** Whether a text would come back as another if it were written plainly or as a block. */
function isMisread(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const isMergeKey = value === "<<";
  const isOddBlock = value.includes("\n") && (/^\s/.test(value) || /^[ \t]+$/m.test(value));
  return isMergeKey || isOddBlock;
}

function isMergeTag(tag: Tags[number]): boolean {
  return tag === "merge" || (typeof tag === "object" && tag.tag === "tag:yaml.org,2002:merge");
}

function refuse(error: YAMLError | undefined, placeAt: (offset: number) => TextPlace): void {
  if (error === undefined) return;
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1);
  throw new DecodeError(`yaml: ${message}`, placeAt(error.pos[0]), { cause: error });
}

function placeOf(lines: LineCounter, offset: number): TextPlace {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
