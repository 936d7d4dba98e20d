/** Definitions and objects that tests of custom resources share. */
import type { Answer, CallOptions, TestServer } from "../testing/test-server.ts";

export const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
export const SITES = "/apis/example.dev/v1/namespaces/t/sites";

/** Anything a test may say of a version. */
export type VersionFixture = Readonly<Record<string, unknown>> & { readonly name: string };

/** A version whose objects have a spec with replicas, a tier and a host. */
export function aVersion(change: Partial<VersionFixture> = {}): VersionFixture {
  return {
    name: "v1",
    served: true,
    storage: true,
    schema: {
      openAPIV3Schema: {
        type: "object",
        properties: {
          spec: {
            type: "object",
            properties: {
              replicas: { type: "integer", minimum: 0, default: 1 },
              tier: { type: "string" },
              host: { type: "string", maxLength: 10 },
            },
          },
          status: {
            type: "object",
            properties: { replicas: { type: "integer" }, selector: { type: "string" } },
          },
        },
      },
    },
    ...change,
  };
}

export type DefinitionFixture = {
  readonly plural?: string;
  readonly kind?: string;
  readonly group?: string;
  readonly scope?: "Namespaced" | "Cluster";
  readonly names?: object;
  readonly versions?: readonly VersionFixture[];
  readonly conversion?: object;
};

/** `sites.example.dev`, namespaced, with one version, unless it is said otherwise. */
export function aDefinition(fixture: DefinitionFixture = {}): {
  readonly metadata: { readonly name: string };
  readonly spec: object;
} {
  const { plural = "sites", kind = "Site", group = "example.dev", scope = "Namespaced" } = fixture;
  const { names = {}, versions = [aVersion()], conversion } = fixture;
  return {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { plural, kind, ...names },
      versions,
      ...(conversion === undefined ? {} : { conversion }),
    },
  };
}

/** An object of `sites.example.dev`. */
export function aSite(name: string, change: object = {}): object {
  return { apiVersion: "example.dev/v1", kind: "Site", metadata: { name }, ...change };
}

/** Creates the definition and lets the server do what follows from it. */
export async function define(server: TestServer, fixture: DefinitionFixture = {}): Promise<Answer> {
  const answer = await server.call("POST", DEFINITIONS, { body: aDefinition(fixture) });
  await settled(server);
  return answer;
}

/** Lets the server finish what it can do without time passing. */
export async function settled(server: TestServer): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await server.env.settle();
}

/** A merge patch. */
export function merge(body: object): CallOptions {
  return { body, contentType: "application/merge-patch+json" };
}

/** `Established=True InitialNamesAccepted`, … of a definition. */
export async function conditionsOf(server: TestServer, name: string): Promise<readonly string[]> {
  const { value } = await server.call("GET", `${DEFINITIONS}/${name}`);
  const conditions: readonly { type: string; status: string; reason: string }[] =
    value.status.conditions ?? [];
  return conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}
