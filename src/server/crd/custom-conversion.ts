/**
 * Custom resources as they are kept and as they are served. What comes from the store is held
 * against the schema of the version it was written in (fields that schema does not know are left
 * out, its defaults filled in), then converted; what a conversion adds that the target's schema
 * does not know is left out too.
 */
import { objectMetaSchema } from "../../apis/meta/v1/schema.generated.ts";
import { assert } from "../../base/assert.ts";
import type { Context } from "../../base/context.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { isApiObject, type ApiObject } from "../../machinery/object.ts";
import { plainRefusal } from "../../machinery/status.ts";
import type { CustomResourceSchema } from "../../schema/custom-resource-schema.ts";
import { decodeCustomResource } from "../../schema/values/decode.ts";
import { defaultCustomResource } from "../../schema/values/default.ts";
import type { Conversion } from "../registry/resource.ts";
import type { Converter } from "./webhook-converter.ts";

export type ConversionDeps = {
  /** Of the version that is served, and of the one that is kept: `example.dev/v1`. */
  readonly served: string;
  readonly kept: string;
  /** Of any version of the definition; undefined for one it no longer has. */
  readonly schemaOf: (apiVersion: string) => CustomResourceSchema | undefined;
  readonly convert: Converter;
  /** Whether `convert` asks a webhook. */
  readonly isOfOthers: boolean;
};

export class CustomConversion implements Conversion {
  readonly isOfOthers: boolean;
  readonly #deps: ConversionDeps;

  constructor(deps: ConversionDeps) {
    this.isOfOthers = deps.isOfOthers;
    this.#deps = deps;
  }

  async fromStored(stored: readonly ApiObject[], context: Context): Promise<readonly ApiObject[]> {
    const { served, convert } = this.#deps;
    const known = stored.map((object) => this.#known(object));
    const others = known.filter((object) => object.apiVersion !== served);
    if (others.length === 0) return known;
    const converted = await convert(others, served, context);
    assert(converted.length === others.length, "a converter keeps the number of objects");
    const byOriginal = new Map(others.map((object, index) => [object, converted[index]]));
    return known.map((object) => {
      const found = byOriginal.get(object);
      return found === undefined ? object : this.#pruned(found);
    });
  }

  async toStored(object: ApiObject, context: Context): Promise<ApiObject> {
    const { kept, convert } = this.#deps;
    if (object.apiVersion === kept) return object;
    const [converted] = await convert([object], kept, context);
    if (converted === undefined) {
      throw plainRefusal(500, "", `no conversion of ${object.apiVersion ?? ""} to ${kept}`);
    }
    return this.#pruned(converted);
  }

  /** As its own version's schema knows it. */
  #known(object: ApiObject): ApiObject {
    const schema = this.#schemaOf(object);
    if (schema === undefined) return object;
    const decoded = decodeCustomResource({ ...object }, schema, objectMetaSchema, "drop");
    if (decoded.kind === "refused") return object;
    const value = defaultCustomResource(decoded.value, schema);
    return isApiObject(value) && !equalValues(value, object) ? value : object;
  }

  #pruned(object: ApiObject): ApiObject {
    const schema = this.#schemaOf(object);
    if (schema === undefined) return object;
    const decoded = decodeCustomResource({ ...object }, schema, objectMetaSchema, "drop");
    return decoded.kind === "decoded" && isApiObject(decoded.value) ? decoded.value : object;
  }

  #schemaOf(object: ApiObject): CustomResourceSchema | undefined {
    return this.#deps.schemaOf(object.apiVersion ?? "");
  }
}
