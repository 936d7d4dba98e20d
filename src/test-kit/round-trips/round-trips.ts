/**
 * Whether the versions of a kind are the same thing in other words: every object becomes the hub
 * and is itself again, and so does every hub; and what a conversion makes is valid where it
 * arrives. Objects are made from the schemas, or given.
 */
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import type { CustomObject } from "../../client/resource/custom-object.ts";
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import type { OlderResource } from "../../client/resource/versions/older-version.ts";
import {
  keptAnnotation,
  lostParts,
  lostText,
  partsIn,
} from "../../client/resource/versions/kept-losses.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";
import { fieldErrorText } from "../../machinery/status.ts";
import { compileCustomResourceSchema } from "../../schema/compile.ts";
import type { CustomResourceSchema } from "../../schema/custom-resource-schema.ts";
import { defaultCustomResource } from "../../schema/values/default.ts";
import { validateCustomResource } from "../../schema/values/validate.ts";
import { Generator, NoValueError } from "./generated-value.ts";
import { smallest } from "./smallest.ts";

/** Objects made from the schema of each version, unless told. */
export const ROUND_TRIPS = 100;
/** Of so many objects made, one must be valid. */
const TRIES_MAX = 50;

/** Which objects `roundTrips` tries. */
export type RoundTripOptions = {
  /**
   * Objects to try, of any version of the kind, with their `apiVersion`. Where they are given for a
   * version, none is made for it: for schemas whose patterns or rules chance does not meet.
   */
  readonly examples?: readonly ApiObject[];
  /** Objects made for each version (default 100). */
  readonly runs?: number;
  /** Of chance (default 1). */
  readonly seed?: number;
};

/** Of each older version, the parts of the hub it cannot hold, e.g. `{ v1: ["spec.tls"] }`. */
export type RoundTrips = Readonly<Record<string, readonly string[]>>;

/** The message shows the smallest object found that does not come back. */
export class RoundTripError extends Error {
  override readonly name = "RoundTripError";
}

/**
 * Converts many objects of each version of a kind to the hub and back. Throws `RoundTripError` for
 * the first that does not come back as it was, or becomes one that its version refuses. Answers
 * what each older version loses by itself: it comes back by the annotation, or never with
 * `losses: "dropped"`; so a test says which losses are meant.
 *
 *     test("versions of Site", () => {
 *       expect(roundTrips(Site)).toEqual({ v1: ["spec.tls"] });
 *     });
 */
export function roundTrips(kind: VersionedResource, options: RoundTripOptions = {}): RoundTrips {
  const trips = new Trips(kind, options);
  const older = Object.keys(kind.olderVersions);
  const lost = older.map((version): [string, readonly string[]] => {
    for (const object of trips.objects(version)) trips.check(object, version, version);
    const paths = new Set<string>();
    for (const hub of trips.objects(kind.version)) {
      trips.check(hub, kind.version, version);
      for (const path of trips.lost(hub, version)) paths.add(path);
    }
    return [version, [...paths].toSorted()];
  });
  return Object.fromEntries(lost);
}

type VersionedResource = Omit<DefinedResource, "olderVersions"> & {
  readonly olderVersions: Readonly<Record<string, OlderResource>>;
};

/** What is wrong with a trip; undefined: nothing. */
type Verdict = string | undefined;

class Trips {
  readonly #kind: VersionedResource;
  readonly #options: RoundTripOptions;
  readonly #schemas = new Map<string, { readonly plain: Fields; compiled: CustomResourceSchema }>();
  readonly #made = new Map<string, readonly ApiObject[]>();

  constructor(kind: VersionedResource, options: RoundTripOptions) {
    this.#kind = kind;
    this.#options = options;
    for (const { name, schema } of kind.definition.spec.versions) {
      const plain: Fields = { ...schema?.openAPIV3Schema };
      this.#schemas.set(name, { plain, compiled: compileCustomResourceSchema(plain) });
    }
  }

  /** Those given, else made; all valid, with their defaults. */
  objects(version: string): readonly ApiObject[] {
    const known = this.#made.get(version);
    if (known !== undefined) return known;
    const apiVersion = `${this.#kind.group}/${version}`;
    const given = (this.#options.examples ?? []).filter((each) => each.apiVersion === apiVersion);
    const objects =
      given.length > 0 ? given.map((each) => this.#given(each)) : this.#random(version);
    this.#made.set(version, objects);
    return objects;
  }

  check(object: ApiObject, from: string, older: string): void {
    const verdict = this.#verdict(object, from, older);
    if (verdict === undefined) return;
    const isBad = (each: ApiObject): boolean =>
      this.#problem(each) === undefined && this.#verdict(each, from, older) !== undefined;
    const least = smallest(object, (each) => this.#defaulted(each), isBad);
    const text = JSON.stringify(least, undefined, 2);
    const to = from === older ? this.#kind.version : older;
    const why = this.#verdict(least, from, older) ?? verdict;
    throw new RoundTripError(
      `${this.#kind.kind} ${from} -> ${to} -> ${from}: ${why}\nthe object:\n${text}`,
    );
  }

  /** Parts of the hub that the functions alone do not bring back. */
  lost(hub: ApiObject, version: string): readonly string[] {
    const { group, version: own } = this.#kind;
    const old = this.#kind.convert(hub, version);
    const text = old.metadata.annotations?.[keptAnnotation(group)];
    const back = this.#kind.convert(old, own);
    const parts = text === undefined ? partsLost(hub, back) : partsIn(text, own);
    return parts.map(({ path }) => lostText(path));
  }

  #verdict(object: ApiObject, from: string, older: string): Verdict {
    const to = from === older ? this.#kind.version : older;
    try {
      const there = this.#kind.convert(object, to);
      const problem = this.#problem(there);
      if (problem !== undefined) return `${to} would refuse what it becomes: ${problem}`;
      const back = this.#kind.convert(there, from);
      const { losses } = this.#kind.olderVersions[older] ?? {};
      if (to === older && losses === "dropped") return undefined;
      return differenceOf(object, back);
    } catch (error) {
      return `it throws ${String(error)}`;
    }
  }

  #given(object: ApiObject): ApiObject {
    const whole = this.#defaulted(object);
    const problem = this.#problem(whole);
    if (problem === undefined) return whole;
    const { apiVersion = "", metadata } = object;
    throw new RoundTripError(`the example ${apiVersion} ${metadata.name ?? ""}: ${problem}`);
  }

  #random(version: string): readonly ApiObject[] {
    const { runs = ROUND_TRIPS, seed = 1 } = this.#options;
    const { random } = virtualEnv({ seed });
    const generator = new Generator(() => random.next(), fitsAlone);
    return Array.from({ length: runs }, (_, index) => this.#one(generator, version, index));
  }

  #one(generator: Generator, version: string, index: number): ApiObject {
    const { group, kind } = this.#kind;
    const properties = own(this.#schemas.get(version)?.plain ?? {}, "properties");
    const schemaOf = (name: string): Fields => {
      const schema = isFields(properties) ? own(properties, name) : undefined;
      return isFields(schema) ? schema : {};
    };
    let problem: string | undefined;
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const spec = this.#value(generator, schemaOf("spec"), `${version}: spec`);
      const status = this.#value(generator, schemaOf("status"), `${version}: status`);
      const object = this.#defaulted({
        apiVersion: `${group}/${version}`,
        kind,
        metadata: { name: `example-${index}`, namespace: "default", labels: { a: "b" } },
        spec,
        ...(index % 3 === 0 ? {} : { status }),
      });
      problem = this.#problem(object);
      if (problem === undefined) return object;
    }
    throw new RoundTripError(
      `no object of ${version} that is valid was found by chance (${problem ?? ""}): give ` +
        `\`examples\` of ${group}/${version}`,
    );
  }

  #value(generator: Generator, schema: Fields, path: string): unknown {
    try {
      return generator.value(schema, path);
    } catch (error) {
      if (!(error instanceof NoValueError)) throw error;
      throw new RoundTripError(`${error.message}: give \`examples\` of this version`);
    }
  }

  #schemaOf({ apiVersion = "" }: ApiObject): CustomResourceSchema | undefined {
    return this.#schemas.get(apiVersion.slice(this.#kind.group.length + 1))?.compiled;
  }

  #defaulted(object: ApiObject | CustomObject): ApiObject {
    const schema = this.#schemaOf(object);
    return schema === undefined ? object : asObject(defaultCustomResource({ ...object }, schema));
  }

  #problem(object: ApiObject): string | undefined {
    const schema = this.#schemaOf(object);
    if (schema === undefined) return `${object.apiVersion ?? ""} is not a version of the kind`;
    const [error] = validateCustomResource({ value: { ...object } }, schema);
    return error === undefined ? undefined : `${error.field}: ${fieldErrorText(error)}`;
  }
}

/** Whether one value is what its own schema says: for patterns, formats and bounds. */
function fitsAlone(value: unknown, schema: Fields): boolean {
  const root = { type: "object", properties: { value: schema } };
  return (
    validateCustomResource({ value: { value } }, compileCustomResourceSchema(root)).length === 0
  );
}

function partsLost(hub: ApiObject, back: ApiObject): ReturnType<typeof lostParts> {
  return ["spec", "status"].flatMap((name) => {
    return lostParts(own({ ...hub }, name), own({ ...back }, name), [name]);
  });
}

/** Of spec and status first: an annotation is a consequence. */
function differenceOf(before: ApiObject, after: ApiObject): Verdict {
  if (equalValues(before, after)) return undefined;
  const [part] = [...partsLost(before, after), ...lostParts({ ...before }, { ...after }, [])];
  const { path = [], lost, instead } = part ?? {};
  return `${lostText(path)} was ${textOf(lost)} and comes back as ${textOf(instead)}`;
}

function textOf(value: unknown): string {
  return value === undefined ? "absent" : JSON.stringify(value);
}

function asObject(value: Fields): ApiObject {
  const metadata = own(value, "metadata");
  return { ...value, metadata: isFields(metadata) ? metadata : {} };
}
