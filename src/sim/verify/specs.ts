/** Specs of a kind to verify its controller with: proposed by its schema, judged by the server. */
import type { JSONSchemaProps } from "../../apis/apiextensions/v1/types.generated.ts";
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { isFields, type ApiObject, type Fields } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import type { Store } from "../../store/store.ts";
import { randomStream } from "../choices/random-stream.ts";
import { canonicalText } from "../oracles/canonical-text.ts";
import { onServer, type Served } from "../scenario/on-server.ts";
import { withConversions } from "../scenario/webhooks.ts";
import { boundarySamples, sampleOf } from "./sample.ts";

/** A spec that the server takes, and how it was chosen. */
export type Spec = { readonly called: string; readonly spec: Fields };

export type Specs = {
  readonly taken: readonly Spec[];
  /** Those that the server refused, with its reason. */
  readonly refused: readonly { readonly spec: Fields; readonly why: string }[];
};

/** Proposals by chance, besides the least, the most and the bounds. */
const BY_CHANCE = 8;
/** More bounds than this are left to chance. */
const BOUNDS_MAX = 40;

/**
 * Asks the server that begins with `base`. Examples come first, and each proposal of the schema is
 * tried with an example's fields below it, too: where the schema alone cannot tell.
 */
export async function specsOf(
  type: DefinedResource,
  base: Store,
  options: { readonly seed: number; readonly examples: readonly Fields[] },
): Promise<Specs> {
  const proposals = distinct(proposalsOf(type, options));
  const taken: Spec[] = [];
  const refused: { readonly spec: Fields; readonly why: string }[] = [];
  const propose = async ({ client, context, synced }: Served): Promise<void> => {
    await synced();
    for (const { called, spec } of proposals) {
      try {
        const object = objectOf(type, "proposal", spec);
        await client.create<ApiObject>(type, object, context, { dryRun: true });
        taken.push({ called, spec });
      } catch (error) {
        if (!isStatus(error)) throw error;
        refused.push({ spec, why: error.message });
      }
    }
  };
  await onServer(propose, { copyOf: base, webhooks: withConversions([], [type]) });
  return { taken, refused };
}

/** An object of the kind with this spec, in the namespace `default` where there is one. */
export function objectOf(type: DefinedResource, name: string, spec: Fields): ApiObject {
  const { kind, isNamespaced } = type;
  const metadata = isNamespaced ? { name, namespace: "default" } : { name };
  const object = { apiVersion: apiVersionOf(type), kind, metadata, spec };
  return object;
}

function* proposalsOf(
  type: DefinedResource,
  { seed, examples }: { readonly seed: number; readonly examples: readonly Fields[] },
): Generator<Spec> {
  for (const [nth, spec] of examples.entries()) yield { called: `example ${nth + 1}`, spec };
  const schema = specSchema(type);
  for (const taste of ["least", "most"] as const) {
    yield* overExamples(taste, sampleOf(schema, taste), examples);
  }
  let bounds = 0;
  for (const sample of boundarySamples(schema)) {
    bounds += 1;
    if (bounds > BOUNDS_MAX) break;
    yield* overExamples(`bound ${bounds}`, sample, examples);
  }
  const chance = randomStream(seed, `specs of ${type.kind}`);
  for (let nth = 1; nth <= BY_CHANCE; nth += 1) {
    yield* overExamples(`chance ${nth}`, sampleOf(schema, { chance }), examples);
  }
}

function* overExamples(
  called: string,
  sample: unknown,
  examples: readonly Fields[],
): Generator<Spec> {
  if (!isFields(sample)) return;
  yield { called, spec: sample };
  const [example] = examples;
  if (example !== undefined)
    yield { called: `${called} over example`, spec: { ...example, ...sample } };
}

function specSchema({ definition, version }: DefinedResource): JSONSchemaProps {
  const served = definition.spec.versions.find(({ name }) => name === version);
  return served?.schema?.openAPIV3Schema?.properties?.["spec"] ?? { type: "object" };
}

function distinct(specs: Iterable<Spec>): readonly Spec[] {
  const byText = new Map<string, Spec>();
  for (const one of specs) {
    const text = canonicalText(one.spec);
    if (!byText.has(text)) byText.set(text, one);
  }
  return [...byText.values()];
}
