/**
 * What a server serves, as it says itself: in one answer for each root where it can (aggregated
 * discovery), else one for each version of each group.
 */
import type { Context } from "../base/context.ts";
import { apiVersionOf, parseApiVersion } from "../machinery/gvk.ts";
import { isFields, own, type Fields } from "../machinery/object.ts";
import type { ApiResponse } from "../machinery/request.ts";
import { isStatus } from "../machinery/status.ts";
import type { ResourceType } from "./resource-type.ts";
import { UnexpectedResponseError } from "./response.ts";
import type { RestClient } from "./rest-client.ts";

/** A resource and the names people have for it. */
export type DiscoveredResource = {
  readonly type: ResourceType;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
};

/** A version that is announced while nobody can say what is in it. */
export type DiscoveryFailure = {
  /** `metrics.k8s.io/v1beta1` */
  readonly apiVersion: string;
  readonly message: string;
};

/** What is served, as far as it is known. */
export type Discovered = {
  /** In the server's order of preference; subresources are left out. */
  readonly resources: readonly DiscoveredResource[];
  readonly failures: readonly DiscoveryFailure[];
};

const AGGREGATED =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

/** All resources in the server's order of preference; subresources are left out. */
export async function discover(
  client: Pick<RestClient, "request">,
  context: Context,
): Promise<readonly DiscoveredResource[]> {
  const { resources, failures } = await discoverAll(client, context);
  for (const { apiVersion, message } of failures) {
    const fields = { apiVersion, error: message };
    context.log.warn("the server cannot say what it serves in a version", fields);
  }
  return resources;
}

/** As `discover`, with what could not be found out. */
export async function discoverAll(
  client: Pick<RestClient, "request">,
  context: Context,
): Promise<Discovered> {
  const roots = await Promise.all(
    ["/api", "/apis"].map(async (path) => {
      const request = { path, headers: { accept: AGGREGATED } };
      return { path, document: documentOf(await client.request(request, context)) };
    }),
  );
  const found = await Promise.all(
    roots.map(async ({ path, document }) => {
      const isAggregated = own(document, "kind") === "APIGroupDiscoveryList";
      return isAggregated ? aggregated(document) : legacy(path, document, client, context);
    }),
  );
  return joined(found);
}

function joined(parts: readonly Discovered[]): Discovered {
  return {
    resources: parts.flatMap(({ resources }) => resources),
    failures: parts.flatMap(({ failures }) => failures),
  };
}

/** The JSON of an answer, whatever body a transport made of it. */
function documentOf(response: ApiResponse): Fields {
  const { body } = response;
  if (body.kind === "list") {
    return { kind: body.listKind, items: body.items.map((item) => item.value) };
  }
  const value: unknown = body.kind === "object" ? body.object.value : undefined;
  if (isFields(value)) return value;
  throw new UnexpectedResponseError("the server answered discovery with something else");
}

function aggregated(document: Fields): Discovered {
  const versions = fieldsIn(document, "items").flatMap((item) => {
    const metadata = own(item, "metadata");
    const group = isFields(metadata) ? text(metadata, "name") : "";
    return fieldsIn(item, "versions").map((entry) => aggregatedVersion(group, entry));
  });
  return joined(versions);
}

function aggregatedVersion(group: string, entry: Fields): Discovered {
  const version = text(entry, "version");
  if (text(entry, "freshness") === "Stale") {
    const apiVersion = apiVersionOf({ group, version });
    const message = `stale GroupVersion discovery: ${apiVersion}`;
    return { resources: [], failures: [{ apiVersion, message }] };
  }
  const resources = fieldsIn(entry, "resources").map((resource) => {
    const responseKind = own(resource, "responseKind");
    return discovered(resource, {
      group,
      version,
      kind: isFields(responseKind) ? text(responseKind, "kind") : "",
      resource: text(resource, "resource"),
      isNamespaced: text(resource, "scope") === "Namespaced",
    });
  });
  return { resources, failures: [] };
}

async function legacy(
  root: string,
  document: Fields,
  client: Pick<RestClient, "request">,
  context: Context,
): Promise<Discovered> {
  const versions =
    root === "/api"
      ? texts(document, "versions")
      : fieldsIn(document, "groups").flatMap((group) =>
          fieldsIn(group, "versions").map((version) => text(version, "groupVersion")),
        );
  const found = await Promise.all(
    versions.map((apiVersion) => resourcesOf(`${root}/${apiVersion}`, apiVersion, client, context)),
  );
  return joined(found);
}

/** A version whose own server is away is left out: the rest is still worth knowing. */
async function resourcesOf(
  path: string,
  apiVersion: string,
  client: Pick<RestClient, "request">,
  context: Context,
): Promise<Discovered> {
  const gv = parseApiVersion(apiVersion);
  if (gv === undefined) return { resources: [], failures: [] };
  let document: Fields;
  try {
    document = documentOf(await client.request({ path }, context));
  } catch (error) {
    if (!isStatus(error)) throw error;
    return { resources: [], failures: [{ apiVersion, message: error.message }] };
  }
  const resources = fieldsIn(document, "resources")
    .filter((resource) => !text(resource, "name").includes("/"))
    .map((resource) =>
      discovered(resource, {
        ...gv,
        kind: text(resource, "kind"),
        resource: text(resource, "name"),
        isNamespaced: own(resource, "namespaced") === true,
      }),
    );
  return { resources, failures: [] };
}

function discovered(entry: Fields, type: ResourceType): DiscoveredResource {
  const singular = text(entry, "singularResource") || text(entry, "singularName");
  return {
    type,
    singular: singular || type.kind.toLowerCase(),
    shortNames: texts(entry, "shortNames"),
    categories: texts(entry, "categories"),
    verbs: texts(entry, "verbs"),
  };
}

function text(fields: Fields, key: string): string {
  const value = own(fields, key);
  return typeof value === "string" ? value : "";
}

function texts(fields: Fields, key: string): readonly string[] {
  const value = own(fields, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function fieldsIn(fields: Fields, key: string): readonly Fields[] {
  const value = own(fields, key);
  return Array.isArray(value) ? value.filter(isFields) : [];
}
