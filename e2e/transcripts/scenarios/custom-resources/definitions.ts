/** Definitions as the scenarios need them, and the steps that wait for them. */
import type { Asked } from "../../scenario.ts";

export const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

export type DefinitionParts = {
  readonly plural: string;
  readonly kind: string;
  /** Of version v1, where `versions` does not say more. */
  readonly schema?: object;
  /** Further fields of version v1. */
  readonly version?: object;
  readonly versions?: readonly object[];
  readonly names?: object;
  /** Further fields of the spec. */
  readonly spec?: object;
  readonly metadata?: object;
};

export type Kind = {
  /** The definition, made and served. */
  readonly made: readonly Asked[];
  /** The definition, removed. */
  readonly removed: Asked;
  readonly definitionPath: string;
  /** Of its objects in a namespace. */
  readonly path: string;
  readonly create: (name: string, fields: object, query?: string) => Asked;
  readonly body: (name: string, fields: object) => object;
};

export function aDefinition(group: string, parts: DefinitionParts): object {
  const { plural, kind, schema = OPEN, version, versions, names, spec, metadata } = parts;
  const v1 = { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, ...metadata },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, kind, ...names },
      versions: versions ?? [{ ...v1, ...version }],
      ...spec,
    },
  };
}

const OPEN = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** A kind of its own in `namespace`, which is its group's first part too. */
export function aKind(namespace: string, parts: DefinitionParts): Kind {
  const group = `${namespace}.example.dev`;
  const path = `/apis/${group}/v1/namespaces/${namespace}/${parts.plural}`;
  const definitionPath = `${DEFINITIONS}/${parts.plural}.${group}`;
  const body = (name: string, fields: object): object => ({
    apiVersion: `${group}/v1`,
    kind: parts.kind,
    metadata: { name },
    ...fields,
  });
  return {
    made: [
      { method: "POST", path: DEFINITIONS, body: aDefinition(group, parts) },
      { method: "GET", path, until: { status: 200 } },
    ],
    removed: { method: "DELETE", path: definitionPath },
    definitionPath,
    path,
    create: (name, fields, query = "") => ({
      method: "POST",
      path: `${path}${query}`,
      body: body(name, fields),
    }),
    body,
  };
}

/** Definitions that are only checked. */
export function dryRuns(definitions: readonly object[]): readonly Asked[] {
  return definitions.map((body) => ({
    method: "POST",
    path: `${DEFINITIONS}?dryRun=All`,
    body,
  }));
}

/** A schema with nothing but `spec`. */
export function specOf(schema: object): object {
  return { type: "object", properties: { spec: schema } };
}

export function fieldsOf(properties: object, more: object = {}): object {
  return { type: "object", properties, ...more };
}

export const TEXT = { type: "string" } as const;
export const WHOLE = { type: "integer" } as const;
