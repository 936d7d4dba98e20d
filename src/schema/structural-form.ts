/**
 * A custom resource's schema in the form that patches and server-side apply read, the same as for
 * built-in kinds. Parts are made when they are first looked at, and then kept.
 */
import type { CustomResourceSchema } from "./custom-resource-schema.ts";
import type { SchemaNode } from "./schema-node.ts";
import type { SchemaSource, SchemaType, StructuralSchema } from "./structural-schema.ts";

const forms = new WeakMap<CustomResourceSchema, StructuralSchema>();

/**
 * The structural schema of a kind. `objectMeta` is that of `ObjectMeta`, which stands for the
 * metadata of the root and of embedded resources. Made once for each compiled schema.
 */
export function structuralSchemaOf(
  schema: CustomResourceSchema,
  objectMeta: SchemaSource,
): StructuralSchema {
  const known = forms.get(schema);
  if (known !== undefined) return known;
  const form = new FormMaker(objectMeta).form(schema.root, "resource");
  forms.set(schema, form);
  return form;
}

const TEXT: StructuralSchema = { type: "string" };
/** `additionalProperties: true`: values of any kind. */
const ANY: StructuralSchema = { type: "any", keepsUnknown: true };

class FormMaker {
  readonly #objectMeta: SchemaSource;
  readonly #forms = new Map<SchemaNode, StructuralSchema>();

  constructor(objectMeta: SchemaSource) {
    this.#objectMeta = objectMeta;
  }

  form(node: SchemaNode, standing: "resource" | "part"): StructuralSchema {
    const { checks = {}, items } = node;
    return {
      ...typeOf(node),
      ...this.#fields(node, standing === "resource" || node.isEmbedded === true),
      ...(items === undefined ? {} : { items: this.#source(items) }),
      ...(checks.required === undefined ? {} : { required: checks.required }),
      ...(checks.enum === undefined ? {} : { enum: checks.enum }),
      ...listKind(node),
      ...mapKind(node),
      ...(node.isNullable === true ? { isNullable: true } : {}),
      ...(node.keepsUnknown === true ? { keepsUnknown: true } : {}),
      ...(node.default === undefined ? {} : { default: node.default }),
    };
  }

  #fields(node: SchemaNode, isResource: boolean): Partial<StructuralSchema> {
    const { properties, additionalProperties, allowsAdditional } = node;
    const own = Object.entries(properties ?? {});
    const fields = new Map(own.map(([name, property]) => [name, this.#source(property)]));
    if (isResource) {
      fields.set("apiVersion", TEXT).set("kind", TEXT).set("metadata", this.#objectMeta);
    }
    const values =
      additionalProperties === undefined ? undefined : this.#source(additionalProperties);
    const open = values ?? (allowsAdditional === true ? ANY : undefined);
    return {
      ...(fields.size === 0 ? {} : { properties: Object.fromEntries(fields) }),
      ...(open === undefined ? {} : { additionalProperties: open }),
    };
  }

  #source(node: SchemaNode): SchemaSource {
    return () => {
      const known = this.#forms.get(node);
      if (known !== undefined) return known;
      const form = this.form(node, "part");
      this.#forms.set(node, form);
      return form;
    };
  }
}

/** Formats that users chose say nothing of how a value is merged; only int-or-string does. */
function typeOf(node: SchemaNode): { readonly type: SchemaType; readonly format?: string } {
  if (node.isIntOrString === true) return { type: "any", format: "int-or-string" };
  return { type: node.type === "" ? "any" : node.type };
}

function listKind({ listType, listKeys }: SchemaNode): Partial<StructuralSchema> {
  if (listType !== "atomic" && listType !== "set" && listType !== "map") return {};
  return { listType, ...(listKeys === undefined ? {} : { listKeys }) };
}

function mapKind({ mapType }: SchemaNode): Partial<StructuralSchema> {
  return mapType === "atomic" || mapType === "granular" ? { mapType } : {};
}
