import { describe, expect, test } from "vitest";
import { VIRTUAL_EPOCH_MS } from "../../base/virtual/virtual-env.ts";
import { nextAvailableMs, statusOfReplicaSet } from "./status.ts";
import { aPod, aReplicaSet } from "./testing.ts";

const NOW_MS = VIRTUAL_EPOCH_MS;
const OK = { kind: "ok" } as const;
const FAILED = { kind: "failed", reason: "FailedCreate", message: "quota" } as const;

describe("the status of a ReplicaSet", () => {
  test("counts its pods by how far they are", () => {
    const pods = [
      aPod({ name: "new" }),
      aPod({ name: "ready", readySeconds: 5 }),
      aPod({ name: "available", readySeconds: 30 }),
      aPod({
        name: "leaving",
        readySeconds: 30,
        meta: { deletionTimestamp: "2026-01-01T00:00:00Z" },
      }),
      aPod({ name: "ended", status: { phase: "Succeeded" } }),
    ];
    const replicaSet = aReplicaSet({ minReadySeconds: 30 }, { generation: 4 });
    expect(statusOfReplicaSet(replicaSet, pods, OK, NOW_MS)).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      readyReplicas: 2,
      availableReplicas: 1,
      terminatingReplicas: 1,
      observedGeneration: 4,
    });
  });

  test("leaves out counts of zero, except those the API always shows", () => {
    expect(statusOfReplicaSet(aReplicaSet(), [], OK, NOW_MS)).toEqual({
      replicas: 0,
      terminatingReplicas: 0,
      observedGeneration: 1,
    });
  });

  test("counts as fully labeled only pods with every label of the template", () => {
    const labels = { app: "web", tier: "front" };
    const template = { metadata: { labels }, spec: { containers: [] } };
    const status = statusOfReplicaSet(
      aReplicaSet({ template }),
      [aPod({ name: "a" }), aPod({ name: "b", meta: { name: "b", labels } })],
      OK,
      NOW_MS,
    );
    expect([status.replicas, status.fullyLabeledReplicas]).toEqual([2, 1]);
  });

  test("tells of a failure, keeps the first text while it lasts, and forgets it after", () => {
    const first = statusOfReplicaSet(aReplicaSet(), [], FAILED, NOW_MS);
    expect(first.conditions).toEqual([
      {
        type: "ReplicaFailure",
        status: "True",
        reason: "FailedCreate",
        message: "quota",
        lastTransitionTime: "2026-01-01T00:00:00Z",
      },
    ]);
    const set = aReplicaSet({}, {}, first);
    const again = { ...FAILED, message: "quota, again" };
    expect(statusOfReplicaSet(set, [], again, NOW_MS + 5000).conditions).toEqual(first.conditions);
    const waiting = statusOfReplicaSet(set, [], { kind: "waiting" }, NOW_MS);
    expect(waiting.conditions).toEqual(first.conditions);
    expect(statusOfReplicaSet(set, [], OK, NOW_MS)).not.toHaveProperty("conditions");
  });
});

describe("the next pod to become available", () => {
  test("is the one ready for longest that is not yet", () => {
    const pods = [
      aPod({ name: "a", readySeconds: 5 }),
      aPod({ name: "b", readySeconds: 12 }),
      aPod({ name: "c", readySeconds: 60 }),
      aPod({ name: "d" }),
    ];
    const replicaSet = aReplicaSet({ minReadySeconds: 30 });
    expect(nextAvailableMs(replicaSet, pods, NOW_MS)).toBe(NOW_MS + 18_000);
  });

  test("is none where ready means available", () => {
    expect(nextAvailableMs(aReplicaSet(), [aPod({ readySeconds: 0 })], NOW_MS)).toBeUndefined();
  });
});
