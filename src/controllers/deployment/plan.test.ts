import { describe, expect, test } from "vitest";
import type { Deployment, ReplicaSet } from "../../client/builtin.ts";
import { isScaleChanged, planCleanup, planNewSize, planRecreate } from "./plan.ts";
import { planRollingUpdate, planScale, type Scaling } from "./plan.ts";
import { aDeployment, aSet, type SetWish } from "./testing.ts";

/** `web-v1:3 web-v2:1`, in the order of the plan. */
function text(scalings: readonly Scaling[]): string {
  return scalings
    .map(({ replicaSet, replicas }) => `${replicaSet.metadata.name}:${replicas}`)
    .join(" ");
}

function rolling(
  replicas: number,
  maxSurge: number | string,
  maxUnavailable: number | string,
): Deployment {
  return aDeployment({
    replicas,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
  });
}

/** `3/2` is a ReplicaSet of size 3 with 2 available; the n-th is called `on`. */
function setsFrom(sizes: string): readonly ReplicaSet[] {
  const words = sizes.split(" ").filter((word) => word !== "");
  return words.map((word, index) => {
    const [size = 0, available = size] = word.split("/").map(Number);
    return aSet({
      name: `o${index + 1}`,
      image: `o${index}`,
      size,
      available,
      createdSeconds: index,
    });
  });
}

describe("a rolling update", () => {
  for (const { name, wish, newest, old, is } of [
    { name: "starts with the surge", wish: [10, 3, 2], newest: "0", old: "10", is: "new:3" },
    { name: "without surge removes first", wish: [10, 0, 2], newest: "0", old: "10", is: "o1:8" },
    { name: "without budget waits", wish: [3, 1, 0], newest: "1/0", old: "3", is: "" },
    {
      name: "goes on with each available pod",
      wish: [3, 1, 0],
      newest: "1/1",
      old: "3",
      is: "o1:2",
    },
    {
      name: "grows when old pods left room",
      wish: [3, 1, 0],
      newest: "1/1",
      old: "2",
      is: "new:2",
    },
    {
      name: "never outgrows the wanted number",
      wish: [3, 3, 0],
      newest: "2/2",
      old: "1",
      is: "new:3",
    },
    {
      name: "shrinks what is larger than wanted",
      wish: [3, 1, 0],
      newest: "5",
      old: "",
      is: "new:3",
    },
    {
      name: "removes unhealthy old pods first",
      wish: [10, 0, 2],
      newest: "0",
      old: "5/5 5/3",
      is: "o2:3",
    },
    {
      name: "counts unhealthy old pods against the oldest first",
      wish: [10, 0, 3],
      newest: "0",
      old: "5/3 5/3",
      is: "o1:3 o2:4",
    },
    { name: "removes the oldest first", wish: [4, 1, 1], newest: "1/1", old: "2 2", is: "o1:0" },
    {
      name: "keeps old pods while new ones fail",
      wish: [10, 3, 2],
      newest: "5/0",
      old: "8",
      is: "",
    },
    {
      name: "keeps even unhealthy old pods while new ones fail",
      wish: [10, 3, 2],
      newest: "5/0",
      old: "8/6",
      is: "",
    },
    { name: "is over with the last old pod", wish: [3, 1, 0], newest: "3/3", old: "1", is: "o1:0" },
    { name: "has nothing to do at the end", wish: [3, 1, 0], newest: "3/3", old: "0", is: "" },
    // The status of o1 is older than its size: one of the three is on its way out.
    {
      name: "does not count pods that are leaving",
      wish: [3, 1, 0],
      newest: "1/1",
      old: "2/3",
      is: "new:2",
    },
    {
      name: "does not count leaving pods when full",
      wish: [3, 0, 1],
      newest: "1/0",
      old: "2/3",
      is: "",
    },
  ]) {
    test(name, () => {
      const [replicas = 0, surge = 0, unavailable = 0] = wish;
      const [size = 0, available = size] = newest.split("/").map(Number);
      const max = replicas + surge;
      const young = aSet({ name: "new", image: "new", size, available, desired: replicas, max });
      const plan = planRollingUpdate(rolling(replicas, surge, unavailable), young, setsFrom(old));
      expect(text(plan)).toBe(is);
    });
  }
});

describe("a rolling update takes nothing away", () => {
  const behind = { generation: 2, name: "o1", uid: "o1" };

  test("while an old ReplicaSet reports of an earlier size", () => {
    // Emptied and filled again: the one pod it reports is gone.
    const newest = aSet({ name: "new", image: "new", size: 1, desired: 1, max: 2 });
    const old = [aSet({ image: "o", size: 1, meta: behind })];
    expect(text(planRollingUpdate(rolling(1, 1, 0), newest, old))).toBe("");
  });

  test("while the new one does", () => {
    const newest = aSet({ size: 1, desired: 1, max: 2, meta: { ...aSet().metadata, ...behind } });
    const old = [aSet({ name: "o2", image: "o", size: 1 })];
    expect(text(planRollingUpdate(rolling(1, 1, 0), newest, old))).toBe("");
  });
});

describe("the size of a new ReplicaSet", () => {
  for (const { deployment, size, others, is } of [
    { deployment: rolling(10, 3, 2), size: 0, others: 10, is: 3 },
    { deployment: rolling(10, 3, 2), size: 0, others: 13, is: 0 },
    { deployment: rolling(10, 3, 2), size: 0, others: 20, is: 0 },
    { deployment: rolling(10, 3, 2), size: 0, others: 0, is: 10 },
    { deployment: rolling(10, 3, 2), size: 5, others: 8, is: 5 },
    { deployment: rolling(10, 3, 2), size: 12, others: 0, is: 10 },
    {
      deployment: aDeployment({ replicas: 4, strategy: { type: "Recreate" } }),
      size: 0,
      others: 9,
      is: 4,
    },
  ]) {
    test(`is ${is} after ${size} beside ${others}`, () => {
      expect(planNewSize(deployment, size, others)).toBe(is);
    });
  }
});

describe("a change of replicas", () => {
  const told = { desired: 10, max: 13 };

  test("is noticed by what active ReplicaSets were scaled for", () => {
    const generations = {
      newest: aSet({ size: 3, ...told }),
      old: [aSet({ image: "v0", size: 0, desired: 1 })],
    };
    expect(isScaleChanged(rolling(10, 3, 2), generations)).toBe(false);
    expect(isScaleChanged(rolling(11, 3, 2), generations)).toBe(true);
  });

  test("goes to the only active ReplicaSet, be it new or old", () => {
    const wish: SetWish = { size: 3, ...told };
    const idle = aSet({ image: "v0" });
    expect(text(planScale(rolling(5, 1, 0), { newest: aSet(wish), old: [idle] }))).toBe("web-v1:5");
    const old = [aSet({ ...wish, image: "v0" })];
    expect(text(planScale(rolling(5, 1, 0), { newest: aSet(), old }))).toBe("web-v0:5");
  });

  test("goes to the new ReplicaSet, or else to the latest, when none is active", () => {
    const old = setsFrom("0 0");
    expect(text(planScale(rolling(5, 1, 0), { newest: aSet(), old }))).toBe("web-v1:5");
    expect(text(planScale(rolling(5, 1, 0), { newest: undefined, old }))).toBe("o2:5");
  });

  test("ends old ReplicaSets when the new one has all", () => {
    const newest = aSet({ size: 5, available: 5, desired: 5 });
    expect(text(planScale(rolling(5, 1, 0), { newest, old: setsFrom("1 0 2") }))).toBe("o1:0 o3:0");
  });

  for (const { name, replicas, surge, newest, old, max, is } of [
    {
      name: "up is shared by size",
      replicas: 15,
      surge: 3,
      newest: 5,
      old: "8",
      max: 13,
      is: "o1:11 new:7",
    },
    {
      name: "down is shared by size",
      replicas: 5,
      surge: 3,
      newest: 5,
      old: "8",
      max: 13,
      is: "o1:5 new:3",
    },
    {
      name: "gives what rounding leaves to the largest",
      replicas: 11,
      surge: 0,
      newest: 3,
      old: "4 3",
      max: 10,
      is: "o1:5 new:3 o2:3",
    },
    {
      name: "to zero ends all",
      replicas: 0,
      surge: 3,
      newest: 5,
      old: "8",
      max: 13,
      is: "o1:0 new:0",
    },
    {
      name: "to the same only tells the new numbers",
      replicas: 10,
      surge: 3,
      newest: 5,
      old: "8",
      max: 12,
      is: "o1:8 new:5",
    },
  ]) {
    test(`in a rollout ${name}`, () => {
      const desired = max - 3;
      const young = aSet({
        name: "new",
        image: "new",
        size: newest,
        available: 0,
        desired,
        max,
        createdSeconds: 9,
      });
      const olds = setsFrom(old).map((set) => ({
        ...set,
        metadata: { ...set.metadata, annotations: young.metadata.annotations ?? {} },
      }));
      const plan = planScale(rolling(replicas, surge, 0), { newest: young, old: olds });
      expect(text(plan)).toBe(is);
    });
  }

  test("asks for nothing once it is done", () => {
    const deployment = rolling(10, 3, 2);
    const all = [aSet({ size: 5, available: 0, ...told }), aSet({ image: "v0", size: 8, ...told })];
    const [newest, ...old] = all;
    expect(planScale(deployment, { newest, old })).toEqual([]);
  });
});

describe("a Recreate", () => {
  const deployment = aDeployment({ replicas: 3, strategy: { type: "Recreate" } });

  for (const { name, newest, old, hasOldPods, is } of [
    {
      name: "ends all old ReplicaSets",
      newest: undefined,
      old: "3 0 1",
      hasOldPods: true,
      is: "o1:0 o3:0",
    },
    { name: "waits for the last old pod", newest: 0, old: "0", hasOldPods: true, is: "" },
    {
      name: "then makes the new ReplicaSet",
      newest: undefined,
      old: "0",
      hasOldPods: false,
      is: "create",
    },
    { name: "or fills it", newest: 0, old: "0", hasOldPods: false, is: "new:3" },
    { name: "and is done", newest: 3, old: "0", hasOldPods: false, is: "" },
  ]) {
    test(name, () => {
      const young =
        newest === undefined ? undefined : aSet({ name: "new", image: "new", size: newest });
      const plan = planRecreate(deployment, { newest: young, old: setsFrom(old) }, hasOldPods);
      expect(plan.kind === "create" ? "create" : text(plan.scalings)).toBe(is);
    });
  }
});

describe("the history", () => {
  const names = (sets: readonly ReplicaSet[]): string =>
    sets.map((set) => set.metadata.name).join(" ");
  const old = [3, 1, 2].map((revision) => aSet({ image: `v${revision}`, revision }));

  test("keeps the latest revisions", () => {
    expect(names(planCleanup(aDeployment({ revisionHistoryLimit: 1 }), old))).toBe("web-v1 web-v2");
    expect(names(planCleanup(aDeployment({ revisionHistoryLimit: 0 }), old))).toBe(
      "web-v1 web-v2 web-v3",
    );
    expect(names(planCleanup(aDeployment(), old))).toBe("");
    expect(names(planCleanup(aDeployment({ revisionHistoryLimit: 2 ** 31 - 1 }), old))).toBe("");
  });

  test("keeps ReplicaSets that have pods, are behind, or are leaving", () => {
    const kept = [
      aSet({ image: "a", size: 1 }),
      aSet({ image: "b", replicas: 1 }),
      aSet({ image: "c", meta: { generation: 2 } }),
      aSet({ image: "d", meta: { deletionTimestamp: "2026-01-01T00:00:00Z" } }),
    ].map((set) => ({ ...set, metadata: { ...aSet().metadata, ...set.metadata } }));
    expect(names(planCleanup(aDeployment({ revisionHistoryLimit: 0 }), kept))).toBe("");
  });
});
