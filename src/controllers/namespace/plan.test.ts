import { describe, expect, test } from "vitest";
import { ConfigMap, Pod, type Namespace } from "../../client/builtin.ts";
import { findCondition } from "../../machinery/conditions.ts";
import type { ObjectMeta } from "../../machinery/object.ts";
import { namespaceStatus, planNamespace, type Content, type Remains } from "./plan.ts";

const NOW = "2026-01-01T00:00:00Z";
const EMPTY: Content = { remains: [{ type: Pod, objects: [] }], failures: [], unclear: [] };

function left(type: typeof Pod | typeof ConfigMap, ...metas: readonly ObjectMeta[]): Remains {
  return { type, objects: metas.map((metadata) => ({ metadata })) };
}

function aNamespace(): Namespace {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" }, spec: {}, status: {} };
}

describe("namespace plan", () => {
  for (const { name, content, plan } of [
    { name: "empty: finalize", content: EMPTY, plan: { kind: "finalize" } },
    {
      name: "something without grace: look again soon",
      content: { remains: [left(ConfigMap, {})], failures: [], unclear: [] },
      plan: { kind: "wait", delayMs: 1_000 },
    },
    {
      name: "pods with grace: look again after half of the longest",
      content: {
        remains: [left(Pod, { deletionGracePeriodSeconds: 30 }, { deletionGracePeriodSeconds: 4 })],
        failures: [],
        unclear: [],
      },
      plan: { kind: "wait", delayMs: 16_000 },
    },
    {
      name: "a version that could not be looked at: not finalized",
      content: {
        remains: [],
        failures: [],
        unclear: [{ apiVersion: "a.b/v1", message: "stale" }],
      },
      plan: { kind: "wait", delayMs: 1_000 },
    },
    {
      name: "a kind that could not be looked at: not finalized",
      content: { remains: [], failures: [{ type: Pod, message: "no" }], unclear: [] },
      plan: { kind: "wait", delayMs: 1_000 },
    },
  ]) {
    test(name, () => expect(planNamespace(content)).toEqual(plan));
  }
});

describe("namespace status", () => {
  test("says what is left and what holds it", () => {
    const content: Content = {
      remains: [left(ConfigMap, { finalizers: ["x/y"] }, { finalizers: ["x/y", "a/b"] })],
      failures: [{ type: Pod, message: "refused" }],
      unclear: [{ apiVersion: "a.b/v1", message: "stale" }],
    };
    const { phase, conditions } = namespaceStatus(aNamespace(), content, NOW);
    expect(phase).toBe("Terminating");
    expect(conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason}`)).toEqual([
      "NamespaceDeletionDiscoveryFailure True DiscoveryFailed",
      "NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions",
      "NamespaceDeletionContentFailure True ContentDeletionFailed",
      "NamespaceContentRemaining True SomeResourcesRemain",
      "NamespaceFinalizersRemaining True SomeFinalizersRemain",
    ]);
    const message = (type: string): unknown => findCondition(conditions, type)?.message;
    expect(message("NamespaceContentRemaining")).toBe(
      "Some resources are remaining: configmaps. has 2 resource instances",
    );
    expect(message("NamespaceFinalizersRemaining")).toBe(
      "Some content in the namespace has finalizers remaining: " +
        "a/b in 1 resource instances, x/y in 2 resource instances",
    );
    expect(message("NamespaceDeletionContentFailure")).toBe(
      "Failed to delete all resource types, 1 remaining: refused",
    );
    expect(message("NamespaceDeletionDiscoveryFailure")).toBe(
      "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of " +
        "server APIs: a.b/v1: stale",
    );
  });

  test("keeps its times while nothing changes, so that no write is made of it", () => {
    const namespace = aNamespace();
    const status = namespaceStatus(namespace, EMPTY, NOW);
    const again = namespaceStatus({ ...namespace, status }, EMPTY, "2026-01-01T00:00:09Z");
    expect(again).toEqual(status);
  });
});
