/** Defects of those who count: too many are made, or too many taken away. */
import { Pod, ReplicaSet } from "../../../client/builtin.ts";
import { always, eventually } from "../../oracles/invariants.ts";
import { change } from "../../scenario/operation.ts";
import { faultyLoop, type Hand } from "./faulty-loop.ts";
import type { KnownBug } from "./known-bug.ts";
import { at, isLive, livePods, makePod, setOf, wantedPods } from "./parts.ts";

const neverTooMany = always("never more pods than wanted", (state) => {
  const count = livePods(state).length;
  return count <= wantedPods(state) || `${count} pods, ${wantedPods(state)} wanted`;
});

const asMany = eventually("as many pods as wanted", (state) => {
  const count = livePods(state).length;
  return count === wantedPods(state) || `${count} pods, ${wantedPods(state)} wanted`;
});

const scaleTo = (replicas: number) => change(ReplicaSet, "web", { spec: { replicas } });

export const noExpectations: KnownBug = {
  name: "no-expectations",
  defect: "makes what its view lacks, although it has just made it",
  from: "the first ReplicaSet managers; kubernetes/kubernetes, expectations",
  processes: {
    counter: faultyLoop({
      watches: [ReplicaSet, Pod],
      make: () => async (hand) => {
        const wanted = hand.find(ReplicaSet, "web")?.spec?.replicas ?? 0;
        const missing = wanted - hand.list(Pod).filter(isLive).length;
        for (let nth = 0; nth < missing; nth += 1) await makePod(hand);
      },
    }),
  },
  scenario: [setOf(2), scaleTo(3)],
  invariants: [neverTooMany, asMany],
  hasNodes: false,
};

/** After so long it believes that what it waits for never comes. */
const EXPECTATION_MS = 300_000;

export const expiredExpectations: KnownBug = {
  name: "expired-expectations",
  defect: "gives up waiting for its own writes to be seen after five minutes, and makes them again",
  from: "kubernetes/kubernetes #129795",
  processes: {
    counter: faultyLoop({
      watches: [ReplicaSet, Pod],
      everyMs: 30_000,
      make: () => {
        let expected: { readonly count: number; readonly sinceMs: number } | undefined;
        return async (hand) => {
          const now = hand.env.clock.monotonic();
          const { items } =
            expected === undefined ? await liveList(hand) : { items: hand.list(Pod) };
          const seen = items.filter(isLive).length;
          const { count = 0, sinceMs = 0 } = expected ?? {};
          if (seen < count && now - sinceMs < EXPECTATION_MS) return;
          const wanted = hand.find(ReplicaSet, "web")?.spec?.replicas ?? 0;
          expected = { count: Math.max(wanted, seen), sinceMs: now };
          for (let nth = seen; nth < wanted; nth += 1) await makePod(hand);
        };
      },
    }),
  },
  scenario: [setOf(2)],
  invariants: [neverTooMany],
  hasNodes: false,
};

function liveList({ client, context }: Hand): Promise<{ readonly items: readonly Pod[] }> {
  return client.list(Pod, {}, context);
}

export const claimStorm: KnownBug = {
  name: "claim-storm",
  defect: "asks for another machine on each look until the first one shows in its view",
  from: "kaito-project/kaito #1300",
  processes: {
    claimer: faultyLoop({
      watches: [ReplicaSet],
      reads: [Pod],
      everyMs: 5_000,
      make: () => async (hand) => {
        if (hand.find(ReplicaSet, "web") === undefined || hand.list(Pod).length > 0) return;
        await makePod(hand, { generateName: "claim-" });
      },
    }),
  },
  scenario: [setOf(1)],
  invariants: [always("at most one claim", (state) => livePods(state).length <= 1)],
  hasNodes: false,
};

export const secondSet: KnownBug = {
  name: "second-set",
  defect: "makes a new set with a new random name when its view shows none",
  from: "kubernetes-sigs/cluster-api #13649",
  processes: {
    sets: faultyLoop({
      watches: [ReplicaSet, Pod],
      make: () => async (hand) => {
        const set = hand.find(ReplicaSet, "web");
        const generation = String(set?.metadata.generation ?? "");
        const own = hand.list(Pod).filter(({ metadata }) => {
          return metadata.labels?.["generation"] === generation;
        });
        if (set === undefined || own.length > 0) return;
        await makePod(hand, { labels: { generation } });
      },
    }),
  },
  scenario: [setOf(1), scaleTo(2)],
  invariants: [
    always("one child a generation", (state) => {
      const generations = livePods(state).map(({ metadata }) => metadata.labels?.["generation"]);
      return new Set(generations).size === generations.length;
    }),
  ],
  hasNodes: false,
};

export const deletesTwice: KnownBug = {
  name: "deletes-twice",
  defect: "takes away too many, since its view still shows those it has taken away",
  from: "ray-project/kuberay #715",
  processes: {
    shrinker: faultyLoop({
      watches: [ReplicaSet, Pod],
      make: () => async (hand) => {
        const wanted = hand.find(ReplicaSet, "web")?.spec?.replicas;
        if (wanted === undefined) return;
        const live = hand.list(Pod).filter(isLive);
        for (let nth = live.length; nth < wanted; nth += 1) {
          await makePod(hand, { name: `web-${nth}` }).catch(() => undefined);
        }
        const excess = live
          .map((pod) => ({ pod, lot: hand.env.random.next() }))
          .sort((a, b) => a.lot - b.lot)
          .slice(0, Math.max(0, live.length - wanted));
        for (const { pod } of excess) {
          await hand.client.delete(Pod, at(pod.metadata.name ?? ""), hand.context);
        }
      },
    }),
  },
  scenario: [setOf(4), scaleTo(3)],
  invariants: [
    always("never fewer than it is shrunk to", (state) => {
      const generation = state.get(ReplicaSet, "web")?.metadata.generation ?? 0;
      return generation < 2 || livePods(state).length >= wantedPods(state);
    }),
  ],
  hasNodes: false,
};

export const twiceAfterTimeout: KnownBug = {
  name: "twice-after-timeout",
  defect: "creates again under another name when the answer to a creation is lost",
  from: "class: timeout with effect",
  processes: {
    creator: faultyLoop({
      watches: [ReplicaSet],
      make: () => {
        let isMade = false;
        return async (hand) => {
          if (isMade || hand.find(ReplicaSet, "web") === undefined) return;
          const { items } = await hand.client.list(Pod, {}, hand.context);
          if (items.length === 0) {
            await makePod(hand).catch(() => makePod(hand));
          }
          isMade = true;
        };
      },
    }),
  },
  scenario: [setOf(1)],
  invariants: [always("one and no more", (state) => livePods(state).length <= 1)],
  hasNodes: false,
};

export const edgeTriggered: KnownBug = {
  name: "edge-triggered",
  defect: "adds the difference that a change makes, rather than what is missing",
  from: "class: edge instead of level",
  processes: {
    adder: faultyLoop({
      watches: [ReplicaSet],
      make: () => {
        let before = 0;
        return async (hand) => {
          const wanted = hand.find(ReplicaSet, "web")?.spec?.replicas ?? 0;
          const difference = wanted - before;
          before = wanted;
          for (let nth = 0; nth < difference; nth += 1) await makePod(hand);
        };
      },
    }),
  },
  scenario: [setOf(1), scaleTo(3)],
  invariants: [asMany],
  hasNodes: false,
};

export const COUNTING_BUGS: readonly KnownBug[] = [
  noExpectations,
  expiredExpectations,
  claimStorm,
  secondSet,
  deletesTwice,
  twiceAfterTimeout,
  edgeTriggered,
];
