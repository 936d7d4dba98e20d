/**
 * Turns objects of one kind into another version of it, by the functions of its definition. Pure:
 * a webhook, a test and a program that holds an object all get the same.
 */
import { deepFreeze } from "../../../base/freeze.ts";
import { equalValues, isDeeperThan, VALUE_DEPTH_MAX } from "../../../machinery/json-value.ts";
import {
  isApiObject,
  isFields,
  own,
  type ApiObject,
  type Fields,
} from "../../../machinery/object.ts";
import type { CustomObject } from "../custom-object.ts";
import { ConversionError } from "./conversion-error.ts";
import { jsonOfSchema } from "./json-of-schema.ts";
import { keptAnnotation, lostParts, partsIn, partsText, withParts } from "./kept-losses.ts";
import type { AnyOlderVersion } from "./older-version.ts";

/** A version with the schema of its whole object. */
export type HubSide = { readonly version: string; readonly schema: Fields };
export type OlderSide = HubSide & { readonly options: AnyOlderVersion };

export type ConversionParts = {
  readonly group: string;
  readonly kind: string;
  readonly hub: HubSide;
  readonly older: readonly OlderSide[];
};

export class Conversion {
  readonly #parts: ConversionParts;
  readonly #older: ReadonlyMap<string, OlderSide>;
  readonly #annotation: string;

  constructor(parts: ConversionParts) {
    this.#parts = parts;
    this.#older = new Map(parts.older.map((side) => [side.version, side]));
    this.#annotation = keptAnnotation(parts.group);
  }

  /** `version` is one of the definition's. Throws `ConversionError`, and what functions throw. */
  convert(object: ApiObject, version: string): ApiObject {
    const { group, kind, hub } = this.#parts;
    const from = this.#versionOf(object);
    if (from !== hub.version && !this.#older.has(from)) throw this.#unknown(from);
    if (version !== hub.version && !this.#older.has(version)) throw this.#unknown(version);
    if (isDeeperThan(object, VALUE_DEPTH_MAX)) {
      throw new ConversionError(`${kind} is nested deeper than ${VALUE_DEPTH_MAX} levels`);
    }
    if (from === version) return object;
    const source = this.#older.get(from);
    const target = this.#older.get(version);
    const atHub = source === undefined ? object : this.#toHub(object, source);
    const made = target === undefined ? atHub : this.#fromHub(atHub, target);
    return { ...made, apiVersion: `${group}/${version}` };
  }

  #versionOf({ apiVersion = "", kind }: ApiObject): string {
    const { group, kind: wanted } = this.#parts;
    const isOwn = apiVersion.startsWith(`${group}/`) && kind === wanted;
    if (isOwn) return apiVersion.slice(group.length + 1);
    throw new ConversionError(`${apiVersion} ${kind ?? ""} is not a ${wanted} of ${group}`);
  }

  #unknown(version: string): ConversionError {
    const { group, kind, hub, older } = this.#parts;
    const known = [hub, ...older].map((side) => side.version).join(", ");
    return new ConversionError(`${kind} of ${group} has no version ${version}, only ${known}`);
  }

  #toHub(object: ApiObject, side: OlderSide): ApiObject {
    const { hub } = this.#parts;
    const text = own(object.metadata.annotations ?? {}, this.#annotation);
    const plain = this.#withoutKept(object);
    const made = this.#plainToHub(plain, side);
    if (typeof text !== "string" || !keeps(side)) return made;
    const whole = withParts({ ...made }, partsIn(text, hub.version), hub.schema);
    return isApiObject(whole) ? whole : made;
  }

  #fromHub(hub: ApiObject, side: OlderSide): ApiObject {
    const { options } = side;
    const plain = this.#withoutKept(hub);
    if (options.fromHub === undefined) return plain;
    const answer: unknown = options.fromHub(asCustom(deepFreeze(plain)));
    const made = applied(plain, answer, side, `fromHub of ${side.version}`);
    if (!keeps(side)) return made;
    const back = this.#plainToHub(
      { ...made, apiVersion: apiVersion(this.#parts.group, side) },
      side,
    );
    const parts = ["spec", "status"].flatMap((name) => {
      const [is, was] = [own({ ...plain }, name), own({ ...back }, name)];
      return lostParts(is, was, [name], fieldSchema(this.#parts.hub.schema, name));
    });
    if (parts.length === 0) return made;
    const text = partsText(this.#parts.hub.version, parts);
    const annotations = { ...made.metadata.annotations, [this.#annotation]: text };
    return { ...made, metadata: { ...made.metadata, annotations } };
  }

  /** Without looking at what was kept. */
  #plainToHub(object: ApiObject, { version, options }: OlderSide): ApiObject {
    const { group, hub } = this.#parts;
    const named = { ...object, apiVersion: `${group}/${hub.version}` };
    if (options.toHub === undefined) return named;
    const answer: unknown = options.toHub(asCustom(deepFreeze(object)));
    return applied(named, answer, hub, `toHub of ${version}`);
  }

  #withoutKept(object: ApiObject): ApiObject {
    const { annotations = {}, ...metadata } = object.metadata;
    if (!Object.hasOwn(annotations, this.#annotation)) return object;
    const { [this.#annotation]: _, ...others } = annotations;
    const left = Object.keys(others).length === 0 ? {} : { annotations: others };
    return { ...object, metadata: { ...metadata, ...left } };
  }
}

function keeps({ options }: OlderSide): boolean {
  return options.toHub !== undefined && options.losses !== "dropped";
}

function apiVersion(group: string, { version }: HubSide): string {
  return `${group}/${version}`;
}

/** What a server says is of a kind may still lack a spec; functions find out by themselves. */
export function asCustom(object: ApiObject): CustomObject {
  return { spec: undefined, ...object };
}

/** The object with what a function answered, in the form of the target's schema. */
function applied(before: ApiObject, answer: unknown, target: HubSide, who: string): ApiObject {
  if (!isFields(answer) || !isFields(own(answer, "spec"))) {
    throw new ConversionError(`${who} answers with no spec: end it with return { spec: … }`);
  }
  const inForm = (name: string, value: unknown): unknown =>
    jsonOfSchema(value, fieldSchema(target.schema, name), `${who}: ${name}`);
  const old = own({ ...before }, "status");
  const status = Object.hasOwn(answer, "status") ? own(answer, "status") : old;
  const { apiVersion = "", kind = "" } = before;
  const made: CustomObject = {
    apiVersion,
    kind,
    metadata: metadataAfter(before, own(answer, "metadata"), who),
    spec: inForm("spec", own(answer, "spec")),
  };
  if (status === undefined) return made;
  return Object.assign(made, { status: inForm("status", withCommon(status, old)) });
}

function fieldSchema(schema: Fields, name: string): Fields {
  const properties = own(schema, "properties");
  const inner = isFields(properties) ? own(properties, name) : undefined;
  return isFields(inner) ? inner : {};
}

/** Every version has these, so that no function needs to speak of them. */
function withCommon(status: unknown, old: unknown): unknown {
  if (!isFields(status) || !isFields(old)) return status;
  const { observedGeneration, conditions } = old;
  return {
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(conditions === undefined ? {} : { conditions }),
    ...status,
  };
}

function metadataAfter(
  { metadata: before }: ApiObject,
  given: unknown,
  who: string,
): ApiObject["metadata"] {
  if (given === undefined) return before;
  if (!isFields(given)) throw new ConversionError(`${who}: metadata: is no object`);
  for (const [name, value] of Object.entries(given)) {
    const isFree = name === "labels" || name === "annotations";
    if (isFree || value === undefined || equalValues(value, own({ ...before }, name))) continue;
    const only = "a conversion may change labels and annotations only";
    throw new ConversionError(`${who}: metadata.${name}: ${only}`);
  }
  const texts = (name: "labels" | "annotations"): Readonly<Record<string, string>> | undefined => {
    const value = own(given, name);
    if (value === undefined) return before[name];
    const isTexts = (map: unknown): map is Readonly<Record<string, string>> =>
      isFields(map) && Object.values(map).every((text) => typeof text === "string");
    if (isTexts(value)) return value;
    throw new ConversionError(`${who}: metadata.${name}: is no map of texts`);
  };
  const { labels: _labels, annotations: _annotations, ...rest } = before;
  const [labels, annotations] = [texts("labels"), texts("annotations")];
  return {
    ...rest,
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}
