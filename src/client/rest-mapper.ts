/** From what people call a kind to where it is served. */
import type { Context } from "../base/context.ts";
import { apiVersionOf } from "../machinery/gvk.ts";
import { compareText } from "../machinery/key.ts";
import { discover, type DiscoveredResource } from "./discovery.ts";
import type { ResourceType } from "./resource-type.ts";
import type { RestClient } from "./rest-client.ts";

/** The server has nothing of that name; the message says what it has. */
export class UnknownKindError extends Error {
  override readonly name = "UnknownKindError";
}

/** Names in an error message; beyond, the server is asked with `api-resources`. */
const NAMES_SHOWN_MAX = 60;

/** Asks the server what it serves, and knows from then on where each kind is found. */
export async function createRestMapper(
  client: Pick<RestClient, "request">,
  context: Context,
): Promise<RestMapper> {
  return new RestMapper(await discover(client, context));
}

/** Knows the resources of one server as of one moment. */
export class RestMapper {
  /** In the server's order of preference. */
  readonly resources: readonly DiscoveredResource[];

  constructor(resources: readonly DiscoveredResource[]) {
    this.resources = resources;
  }

  /**
   * The resource of a word: plural, singular, short name or kind, in any case, alone or followed by
   * what tells it from others: `deployments.apps`, `deploy.v1.apps`, `pods.v1`. Of several the one
   * the server prefers. Throws `UnknownKindError`.
   */
  resolve(word: string): ResourceType {
    const [name = "", ...rest] = word.toLowerCase().split(".");
    const place = rest.join(".");
    const there = this.resources.filter(({ type }) => isPlace(type, place));
    const found =
      there.find((resource) => isNamed(resource, name)) ??
      there.find((resource) => resource.shortNames.includes(name));
    if (found !== undefined) return found.type;
    const names = this.resources.map(describe);
    throw new UnknownKindError(`the server has no kind "${word}"; ${listed(names)}`);
  }

  /** All resources of a category, e.g. `all`; none if there is no such category. */
  inCategory(category: string): readonly ResourceType[] {
    return this.resources
      .filter(({ categories }) => categories.includes(category))
      .map(({ type }) => type);
  }

  /** The resource of a manifest's `apiVersion` and `kind`. Throws `UnknownKindError`. */
  forKind(apiVersion: string, kind: string): ResourceType {
    const found = this.resources.find(
      ({ type }) => type.kind === kind && apiVersionOf(type) === apiVersion,
    );
    if (found !== undefined) return found.type;
    throw new UnknownKindError(
      `the server has no kind "${kind}" in ${apiVersion}; ${this.#near(apiVersion, kind)}`,
    );
  }

  /** What may have been meant: the kind elsewhere, other kinds there, or all there is. */
  #near(apiVersion: string, kind: string): string {
    const elsewhere = this.resources.filter(
      ({ type }) => type.kind.toLowerCase() === kind.toLowerCase(),
    );
    if (elsewhere.length > 0) {
      const places = elsewhere.map(({ type }) => `${type.kind} in ${apiVersionOf(type)}`);
      return `there is ${places.join(", ")}`;
    }
    const there = this.resources.filter(({ type }) => apiVersionOf(type) === apiVersion);
    if (there.length > 0) return listed(there.map(({ type }) => type.kind));
    const versions = new Set(this.resources.map(({ type }) => apiVersionOf(type)));
    return `it has the versions ${[...versions].sort(compareText).join(", ")}`;
  }
}

/** `apps`, `v1.apps` or `v1` for `apps/v1`; the version of the core group may end in a dot. */
function isPlace(type: ResourceType, place: string): boolean {
  const { group, version } = type;
  return ["", group, version, `${version}.${group}`].includes(place);
}

function isNamed({ type, singular }: DiscoveredResource, name: string): boolean {
  return type.resource === name || singular === name || type.kind.toLowerCase() === name;
}

function describe({ type, shortNames }: DiscoveredResource): string {
  return shortNames.length === 0 ? type.resource : `${type.resource} (${shortNames.join(", ")})`;
}

function listed(names: readonly string[]): string {
  const sorted = [...new Set(names)].sort(compareText);
  if (sorted.length === 0) return "it has none at all";
  const shown = sorted.slice(0, NAMES_SHOWN_MAX).join(", ");
  const rest = sorted.length - NAMES_SHOWN_MAX;
  return rest > 0 ? `it has ${shown} and ${rest} more` : `it has ${shown}`;
}
