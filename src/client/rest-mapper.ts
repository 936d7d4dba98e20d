/**
 * The kinds a server serves, found by the words people use: `po`, `pods`, `pod`, `Pod`,
 * `deployments.apps`, `deployments.v1.apps`, or by the apiVersion and kind of a manifest. Made from
 * discovery once; make it anew to see kinds that were added since.
 */
import type { Context } from "../base/context.ts";
import { apiVersionOf, groupResource, parseApiVersion } from "../machinery/gvk.ts";
import { compareText } from "../machinery/key.ts";
import { isFields, own, type Fields } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import type { ResourceType } from "./resource-type.ts";
import type { RestClient } from "./rest-client.ts";

/** A kind as discovery tells of it. */
export type DiscoveredType = ResourceType & {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
};

export interface RestMapper {
  /** All kinds, the preferred group and version of a name first. */
  readonly types: readonly DiscoveredType[];
  /** The kind a word means. Throws `UnknownKindError`. */
  resolve(word: string): DiscoveredType;
  /** The kind of a manifest. Throws `UnknownKindError`. */
  forKind(apiVersion: string, kind: string): DiscoveredType;
}

/** The server serves no such kind. The message lists what is near, or all there is. */
export class UnknownKindError extends Error {
  override readonly name = "UnknownKindError";
}

const AGGREGATED =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

/** Asks the server what it serves. */
export async function createRestMapper(client: RestClient, context: Context): Promise<RestMapper> {
  const read = async (path: string, accept: string): Promise<Fields> => {
    const response = await client.request({ path, headers: { accept } }, context);
    const value: unknown = response.body.kind === "object" ? response.body.object.value : {};
    return isFields(value) ? value : {};
  };
  const [core, named] = await Promise.all([read("/api", AGGREGATED), read("/apis", AGGREGATED)]);
  if (own(named, "kind") === "APIGroupDiscoveryList") {
    return restMapperOf([...aggregatedTypes(core), ...aggregatedTypes(named)]);
  }
  return restMapperOf(await legacyTypes(core, named, (path) => read(path, "application/json")));
}

/** A mapper over known kinds. */
export function restMapperOf(types: readonly DiscoveredType[]): RestMapper {
  return {
    types,
    resolve: (word) => {
      const found = findWord(types, word);
      if (found !== undefined) return found;
      throw new UnknownKindError(`the server serves no kind called "${word}"; ${known(types)}`);
    },
    forKind: (apiVersion, kind) => {
      const gv = parseApiVersion(apiVersion);
      const found = types.find(
        (type) => type.kind === kind && type.group === gv?.group && type.version === gv.version,
      );
      if (found !== undefined) return found;
      const elsewhere = types.filter((type) => type.kind === kind).map(apiVersionOf);
      const advice =
        elsewhere.length > 0 ? `${kind} is served as ${elsewhere.join(", ")}` : known(types);
      throw new UnknownKindError(`the server serves no ${kind} of ${apiVersion}; ${advice}`);
    },
  };
}

function findWord(types: readonly DiscoveredType[], word: string): DiscoveredType | undefined {
  const [name = "", ...rest] = word.toLowerCase().split(".");
  const suffix = rest.join(".");
  return types.find((type) => {
    const isNamed =
      type.resource === name ||
      type.singular === name ||
      type.kind.toLowerCase() === name ||
      type.shortNames.includes(name);
    if (!isNamed || suffix === "") return isNamed;
    const full = type.group === "" ? type.version : `${type.version}.${type.group}`;
    return suffix === type.group || suffix === full;
  });
}

function known(types: readonly DiscoveredType[]): string {
  const names = types.map((type) => {
    const name = groupResource({ group: type.group, resource: type.resource });
    return type.shortNames.length === 0 ? name : `${name} (${type.shortNames.join(", ")})`;
  });
  return `it serves ${names.sort(compareText).join(", ")}`;
}

function aggregatedTypes(document: Fields): readonly DiscoveredType[] {
  return listOf(own(document, "items")).flatMap((group) => {
    const name = textOf(metadataOf(group), "name");
    return listOf(own(group, "versions")).flatMap((version) =>
      listOf(own(version, "resources")).map((resource): DiscoveredType => {
        const responseKind = own(resource, "responseKind");
        return {
          group: name,
          version: textOf(version, "version"),
          kind: isFields(responseKind) ? textOf(responseKind, "kind") : "",
          resource: textOf(resource, "resource"),
          isNamespaced: own(resource, "scope") === "Namespaced",
          singular: textOf(resource, "singularResource"),
          shortNames: texts(own(resource, "shortNames")),
          categories: texts(own(resource, "categories")),
          verbs: texts(own(resource, "verbs")),
        };
      }),
    );
  });
}

/** Servers without aggregated discovery answer with one small document a version. */
async function legacyTypes(
  core: Fields,
  named: Fields,
  read: (path: string) => Promise<Fields>,
): Promise<readonly DiscoveredType[]> {
  const paths = [
    ...texts(own(core, "versions")).map((version) => `/api/${version}`),
    ...listOf(own(named, "groups")).flatMap((group) =>
      listOf(own(group, "versions")).map((version) => `/apis/${textOf(version, "groupVersion")}`),
    ),
  ];
  const documents = await Promise.all(
    paths.map(async (path) => {
      try {
        return await read(path);
      } catch (error) {
        if (isStatus(error, "ServiceUnavailable")) return {}; // an aggregated API that is down
        throw error;
      }
    }),
  );
  return documents.flatMap(legacyDocumentTypes);
}

function legacyDocumentTypes(document: Fields): readonly DiscoveredType[] {
  const gv = parseApiVersion(textOf(document, "groupVersion"));
  if (gv === undefined) return [];
  return listOf(own(document, "resources"))
    .filter((resource) => !textOf(resource, "name").includes("/"))
    .map((resource) => ({
      ...gv,
      kind: textOf(resource, "kind"),
      resource: textOf(resource, "name"),
      isNamespaced: own(resource, "namespaced") === true,
      singular: textOf(resource, "singularName"),
      shortNames: texts(own(resource, "shortNames")),
      categories: texts(own(resource, "categories")),
      verbs: texts(own(resource, "verbs")),
    }));
}

function metadataOf(fields: Fields): Fields {
  const metadata = own(fields, "metadata");
  return isFields(metadata) ? metadata : {};
}

function textOf(fields: Fields, key: string): string {
  const value = own(fields, key);
  return typeof value === "string" ? value : "";
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
