import { describe, expect, test } from "vitest";
import type { Pod } from "../../client/builtin.ts";
import { VIRTUAL_EPOCH_MS } from "../../base/virtual/virtual-env.ts";
import { BURST_MAX, planReplicaSet } from "./plan.ts";
import { aPod, aReplicaSet } from "./testing.ts";

const NOW_MS = VIRTUAL_EPOCH_MS;

/** "+a" is ready, "~b" is not, "-c" is terminating, "!d" has failed. */
function podsFrom(text: string): readonly Pod[] {
  const words = text.split(" ").filter((word) => word !== "");
  return words.map((word) => {
    const name = word.slice(1);
    switch (word[0]) {
      case "+":
        return aPod({ name, readySeconds: 60 });
      case "-":
        return aPod({
          name,
          readySeconds: 60,
          meta: { deletionTimestamp: "2026-01-01T00:00:00Z" },
        });
      case "!":
        return aPod({ name, status: { phase: "Failed" } });
      default:
        return aPod({ name });
    }
  });
}

describe("a ReplicaSet plans", () => {
  for (const { name, replicas, have, create, remove } of [
    { name: "to create what is missing", replicas: 3, have: "+a", create: 2, remove: "" },
    { name: "nothing when the number is right", replicas: 1, have: "+a", create: 0, remove: "" },
    { name: "without counting the terminating", replicas: 2, have: "+a -b", create: 1, remove: "" },
    { name: "without counting the ended", replicas: 2, have: "+a !b", create: 1, remove: "" },
    { name: "to delete the unready first", replicas: 1, have: "+a ~b", create: 0, remove: "b" },
    { name: "to delete all at zero", replicas: 0, have: "+a ~b -c", create: 0, remove: "b a" },
    { name: "one pod when it does not say", replicas: undefined, have: "", create: 1, remove: "" },
  ]) {
    test(name, () => {
      const pods = podsFrom(have);
      const replicaSet = aReplicaSet(replicas === undefined ? {} : { replicas });
      const plan = planReplicaSet(replicaSet, pods, pods, NOW_MS);
      const removed = plan.remove.map((pod) => pod.metadata.name).join(" ");
      expect({ create: plan.create, removed }).toEqual({ create, removed: remove });
    });
  }

  test("a burst at most, either way", () => {
    const many = Array.from({ length: BURST_MAX + 7 }, (_, index) => aPod({ name: `p-${index}` }));
    const up = planReplicaSet(aReplicaSet({ replicas: 10_000 }), [], [], NOW_MS);
    const down = planReplicaSet(aReplicaSet({ replicas: 0 }), many, many, NOW_MS);
    expect([up.create, up.remove.length]).toEqual([BURST_MAX, 0]);
    expect([down.create, down.remove.length]).toEqual([0, BURST_MAX]);
  });
});
