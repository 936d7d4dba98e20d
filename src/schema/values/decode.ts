/**
 * What an object becomes on its way in: metadata read as upstream's typed decoder reads it, at the
 * root and in embedded resources, and unknown fields dropped and named.
 */
import { setField, type MutableFields } from "../../machinery/json-value.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { CustomResourceSchema, DecodedCustomResource } from "../custom-resource-schema.ts";
import { at, child } from "../field-path.ts";
import { fieldNode } from "../compile.ts";
import { TRAIT, type SchemaNode } from "../schema-node.ts";
import { checkFields } from "../strict.ts";
import type { StructuralSchema } from "../structural-schema.ts";
import { fieldErrorText, type FieldError } from "../../machinery/status.ts";
import { prune } from "./prune.ts";

/** What happens to metadata that cannot be read: requests are refused, stored objects mended. */
export type MalformedMetadata = "refuse" | "drop";

/**
 * Decodes an object of the kind. `objectMeta` is the structural schema of `ObjectMeta`. For what
 * comes from the store pass "drop", so that old objects can be read whatever became of the schema.
 */
export function decodeCustomResource(
  value: Fields,
  schema: CustomResourceSchema,
  objectMeta: StructuralSchema,
  malformed: MalformedMetadata = "refuse",
): DecodedCustomResource {
  const coercer = new Coercer(objectMeta, malformed);
  const root = coercer.metadata(value, "");
  if (root.kind === "refused") return root;
  const metadataUnknown = coercer.takeUnknown();
  const pruned = prune(root.value, schema.root, "resource");
  if (!isFields(pruned.value)) return { kind: "refused", problem: "expected an object" };
  const coerced = coercer.coerce(pruned.value, schema.root, "");
  if (coercer.problem !== undefined) {
    const { field } = coercer.problem;
    return { kind: "refused", problem: `${field}: ${fieldErrorText(coercer.problem)}` };
  }
  return {
    kind: "decoded",
    value: isFields(coerced) ? coerced : pruned.value,
    unknown: [...metadataUnknown, ...pruned.unknown, ...coercer.takeUnknown().toSorted()],
  };
}

type MetadataOutcome =
  | { readonly kind: "kept"; readonly value: Fields }
  | { readonly kind: "refused"; readonly problem: string };

/** Walks to the embedded resources of a value, and reads their metadata. */
export class Coercer {
  /** Why the value is refused; the first problem counts. */
  problem: FieldError | undefined;
  readonly #objectMeta: StructuralSchema;
  readonly #malformed: MalformedMetadata;
  #unknown: string[] = [];

  constructor(objectMeta: StructuralSchema, malformed: MalformedMetadata) {
    this.#objectMeta = objectMeta;
    this.#malformed = malformed;
  }

  /** Unknown fields of metadata found so far. */
  takeUnknown(): readonly string[] {
    const taken = this.#unknown;
    this.#unknown = [];
    return taken;
  }

  coerce(value: unknown, node: SchemaNode | undefined, path: string): unknown {
    if (node === undefined || (node.traits & TRAIT.embedded) === 0) return value;
    if (Array.isArray(value)) {
      return value.map((item, index) => this.coerce(item, node.items, at(path, index)));
    }
    return isFields(value) ? this.#fields(value, node, path) : value;
  }

  #fields(fields: Fields, node: SchemaNode, path: string): Fields {
    const own = node.isEmbedded === true ? this.#embedded(fields, path) : fields;
    const next: MutableFields = {};
    for (const [name, member] of Object.entries(own)) {
      const isNamed = node.properties !== undefined && Object.hasOwn(node.properties, name);
      const place = isNamed ? child(path, name) : at(path, name);
      setField(next, name, this.coerce(member, fieldNode(node, name), place));
    }
    return next;
  }

  #embedded(fields: Fields, path: string): Fields {
    const typed: MutableFields = {};
    for (const [name, member] of Object.entries(fields)) {
      const isTypeMeta = name === "apiVersion" || name === "kind";
      if (isTypeMeta && typeof member !== "string") {
        if (this.#malformed === "drop") continue;
        this.#refuse(child(path, name), member, "must be a string");
      }
      setField(typed, name, member);
    }
    const outcome = this.metadata(typed, path);
    if (outcome.kind === "kept") return outcome.value;
    this.#refuse(child(path, "metadata"), own(fields, "metadata"), outcome.problem);
    return fields;
  }

  #refuse(field: string, value: unknown, detail: string): void {
    this.problem ??= { field, type: "FieldValueInvalid", value, detail };
  }

  /** The resource at `path` with its metadata as a typed decoder would read it. */
  metadata(fields: Fields, path: string): MetadataOutcome {
    if (!Object.hasOwn(fields, "metadata")) return { kind: "kept", value: fields };
    const report = checkFields(fields["metadata"] ?? {}, this.#objectMeta);
    const [problem] = report.typeProblems;
    const isSound = problem === undefined && isFields(report.value);
    if (!isSound && this.#malformed === "refuse") {
      return { kind: "refused", problem: problem ?? "metadata must be an object" };
    }
    const place = child(path, "metadata");
    this.#unknown.push(...report.unknown.map((name) => `${place}.${name}`));
    const metadata = isSound ? report.value : this.#mended(fields["metadata"]);
    const next: MutableFields = { ...fields };
    const { keptWhenZero = [] } = this.#objectMeta;
    setField(next, "metadata", withoutZeros(isFields(metadata) ? metadata : {}, keptWhenZero));
    return { kind: "kept", value: next };
  }

  /** Field by field: what cannot be read is left out. */
  #mended(metadata: unknown): Fields {
    const next: MutableFields = {};
    if (!isFields(metadata)) return next;
    for (const [name, member] of Object.entries(metadata)) {
      const report = checkFields({ [name]: member }, this.#objectMeta);
      if (report.typeProblems.length > 0 || !isFields(report.value)) continue;
      if (Object.hasOwn(report.value, name)) setField(next, name, report.value[name]);
    }
    return next;
  }
}

/** Without fields that Go leaves out when it writes them: those that are empty or zero. */
function withoutZeros(metadata: Fields, keptWhenZero: readonly string[]): Fields {
  const kept = Object.entries(metadata).filter(
    ([name, member]) => !isZero(member) || (member === 0 && keptWhenZero.includes(name)),
  );
  if (kept.length === Object.keys(metadata).length) return metadata;
  return Object.fromEntries(kept);
}

function isZero(value: unknown): boolean {
  if (value === "" || value === 0 || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isFields(value) && Object.keys(value).length === 0;
}
