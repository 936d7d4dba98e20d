/** Lists in YAML, item by item: one long text of all of them would hold up everybody else. */
import type { Env } from "../../base/env.ts";
import { encodeYaml } from "../../machinery/codec/yaml.ts";
import type { EncodedObject } from "../../machinery/encoded.ts";
import type { ListMeta } from "../../machinery/object.ts";
import { Pace } from "./pace.ts";

const encoder = new TextEncoder();

/** The text of a list, in pieces. Keys are sorted, as in all YAML that is answered. */
export async function yamlList(
  type: { readonly apiVersion: string; readonly kind: string },
  metadata: ListMeta,
  items: readonly EncodedObject[],
  env: Env,
): Promise<readonly Uint8Array[]> {
  const { apiVersion, kind } = type;
  const head = encodeYaml({ apiVersion });
  const tail = encodeYaml({ kind, metadata });
  if (items.length === 0) return [encoder.encode(`${head}items: []\n${tail}`)];
  const pieces = [encoder.encode(`${head}items:\n`)];
  const pace = new Pace(env);
  for (const item of items) {
    pieces.push(encoder.encode(encodeYaml([item.peek()])));
    await pace.step();
  }
  pieces.push(encoder.encode(tail));
  return pieces;
}
