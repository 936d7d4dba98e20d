import { sha256 } from "./sha256.ts";
import { parseApiVersion } from "../../machinery/gvk.ts";
import type { StoredForm } from "../registry/resource.ts";

/** Bytes of the digest that are told. */
const HASH_BYTES = 8;

const encoder = new TextEncoder();
const known = new Map<string, string>();

/** How clients notice that objects are kept in another version than before. */
export function storageVersionHash({ apiVersion, kind }: StoredForm): string {
  const { group, version } = parseApiVersion(apiVersion) ?? { group: "", version: apiVersion };
  const text = `${group}/${version}/${kind}`;
  const found = known.get(text);
  if (found !== undefined) return found;
  const digest = sha256(encoder.encode(text)).subarray(0, HASH_BYTES);
  const hash = btoa(String.fromCharCode(...digest));
  if (known.size < KNOWN_MAX) known.set(text, hash);
  return hash;
}

/** Hashes that are kept: as many as there are kinds in a large cluster. */
const KNOWN_MAX = 4_096;
