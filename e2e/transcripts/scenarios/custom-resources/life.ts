import type { Asked, Scenario } from "../../scenario.ts";
import { aDefinition, aKind, DEFINITIONS } from "./definitions.ts";

const NAMESPACE = "cr-life";
const kind = aKind(NAMESPACE, { plural: "lives", kind: "Life" });
const open = {
  openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
};
const aVersion = (name: string, storage: boolean): object => ({
  name,
  served: true,
  storage,
  schema: open,
});
const patched = (spec: object): Asked => ({
  method: "PATCH",
  path: kind.definitionPath,
  body: { spec },
});
const stored = (storedVersions: readonly string[]): Asked => ({
  method: "PATCH",
  path: `${kind.definitionPath}/status`,
  body: { status: { storedVersions } },
});

/** Changes of a definition, a migration to another version, and the end. */
export const life: Scenario = {
  name: "cr-life",
  namespace: NAMESPACE,
  steps: [
    ...kind.made,
    patched({ scope: "Cluster" }),
    patched({ names: { kind: "Other" } }),
    patched({ names: { plural: "others" }, group: "other.dev" }),
    patched({ versions: [aVersion("v2", true)] }),
    patched({ versions: [aVersion("v1", false), aVersion("v2", true)] }),
    patched({ versions: [aVersion("v2", true)] }),
    stored(["v2"]),
    stored([]),
    patched({ versions: [{ ...aVersion("v2", true), schema: null }] }),
    patched({ preserveUnknownFields: true }),
    kind.create("a", { metadata: { name: "a", finalizers: ["example.dev/held"] } }),
    kind.removed,
    kind.create("b", {}),
    // Deleted, but held.
    { method: "GET", path: `${kind.path}/a`, until: { "body.metadata.generation": 2 } },
    { method: "PATCH", path: `${kind.path}/a`, body: { metadata: { finalizers: null } } },
    { method: "GET", path: kind.definitionPath, until: { status: 404 } },
    { method: "GET", path: kind.path, until: { status: 404 } },
  ],
};

const GROUP = "cr-names.example.dev";
const made = (plural: string, kindName: string, names: object): Asked => ({
  method: "POST",
  path: DEFINITIONS,
  body: aDefinition(GROUP, { plural, kind: kindName, names }),
});
const accepted = (plural: string, reason: string): Asked => ({
  method: "GET",
  path: `${DEFINITIONS}/${plural}.${GROUP}`,
  until: { "body.status.conditions.0.reason": reason },
});
const gone = (plural: string): Asked => ({
  method: "DELETE",
  path: `${DEFINITIONS}/${plural}.${GROUP}`,
});

/** Names that others of the group have already. */
export const conflicts: Scenario = {
  name: "cr-names",
  steps: [
    made("alphas", "Alpha", { shortNames: ["al", "a"] }),
    { method: "GET", path: `/apis/${GROUP}/v1/alphas`, until: { status: 200 } },
    made("betas", "Beta", { shortNames: ["al", "b"] }),
    accepted("betas", "ShortNamesConflict"),
    made("gammas", "Gamma", { singular: "alpha" }),
    accepted("gammas", "SingularConflict"),
    made("deltas", "Alpha", { singular: "delta", listKind: "DeltaList" }),
    accepted("deltas", "KindConflict"),
    made("al", "Epsilon", {}),
    accepted("al", "PluralConflict"),
    { method: "GET", path: `/apis/${GROUP}/v1/betas` },
    ...["al", "deltas", "gammas", "betas", "alphas"].map(gone),
  ],
};
