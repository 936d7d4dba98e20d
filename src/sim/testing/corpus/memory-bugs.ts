/** Defects of those who remember, or who say what they have done before they have done it. */
import { ConfigMap, Lease, Pod, ReplicaSet, Secret } from "../../../client/builtin.ts";
import { apiMicroTime, parseApiTime } from "../../../machinery/api-time.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { always, eventually } from "../../oracles/invariants.ts";
import { create, remove } from "../../scenario/operation.ts";
import type { State } from "../../world/state.ts";
import type { Program } from "../../actors/process.ts";
import { faultyLoop, type Hand } from "./faulty-loop.ts";
import type { KnownBug } from "./known-bug.ts";
import { at, makePod, makeSecret, parents, setOf, settings } from "./parts.ts";

const portsOf = (state: State): readonly string[] =>
  state.list(ConfigMap).flatMap(({ data }) => data?.["port"] ?? []);

const portsAreUnique = always("each port is given once", (state) => {
  const ports = portsOf(state);
  return new Set(ports).size === ports.length || `ports ${ports.join(", ")}`;
});

async function givePort(hand: Hand, name: string, port: number): Promise<void> {
  const patch = { kind: "merge", patch: { data: { port: String(port) } } } as const;
  await hand.client.patch(ConfigMap, at(name), patch, hand.context);
}

export const forgetsPorts: KnownBug = {
  name: "forgets-ports",
  defect: "counts what it gives out in memory, and begins anew after a restart",
  from: "class: state in memory",
  processes: {
    ports: faultyLoop({
      watches: [ConfigMap],
      make: () => {
        let next = 30_000;
        const given = new Set<string>();
        return async (hand) => {
          for (const { metadata, data } of parents(hand)) {
            const { name = "" } = metadata;
            if (data?.["port"] !== undefined || given.has(name)) continue;
            await givePort(hand, name, next);
            given.add(name);
            next += 1;
          }
        };
      },
    }),
  },
  scenario: [settings("a", {}), settings("b", {})],
  invariants: [portsAreUnique],
  hasNodes: false,
};

export const sharesPorts: KnownBug = {
  name: "shares-ports",
  defect: "looks for a free port in a view that does not show the last one it gave",
  from: "class: allocation from a stale view",
  processes: {
    ports: faultyLoop({
      watches: [ConfigMap],
      make: () => async (hand) => {
        for (const { metadata, data } of parents(hand)) {
          if (data?.["port"] !== undefined) continue;
          const taken = parents(hand).map(({ data: other }) => Number(other?.["port"] ?? 0));
          let port = 30_000;
          while (taken.includes(port)) port += 1;
          await givePort(hand, metadata.name ?? "", port);
        }
      },
    }),
  },
  scenario: [settings("a", {}), settings("b", {})],
  invariants: [portsAreUnique],
  hasNodes: false,
};

export const saysDoneFirst: KnownBug = {
  name: "says-done-first",
  defect: "marks an object as done and does it afterwards",
  from: "class: crash between two writes",
  processes: {
    doer: faultyLoop({
      watches: [ConfigMap],
      make: () => async (hand) => {
        for (const { metadata, data } of parents(hand)) {
          if (data?.["done"] === "yes") continue;
          const { name = "" } = metadata;
          const patch = { kind: "merge", patch: { data: { done: "yes" } } } as const;
          await hand.client.patch(ConfigMap, at(name), patch, hand.context);
          await makePod(hand, { name: `${name}-child` });
        }
      },
    }),
  },
  scenario: [settings("a", {})],
  invariants: [
    eventually("who is done has a child", (state) =>
      state
        .list(ConfigMap)
        .filter(({ data }) => data?.["done"] === "yes")
        .every(({ metadata }) => state.get(Pod, `${metadata.name ?? ""}-child`) !== undefined),
    ),
  ],
  hasNodes: false,
};

/** What stands for a provider's account: things in it cost money and belong to nobody. */
const cloudOf = (state: State) =>
  state.list(Secret).filter(({ metadata }) => metadata.labels?.["cloud"] === "yes");

const everythingIsReferenced = eventually("nothing is left at the provider", (state) => {
  const used = state.list(ConfigMap).flatMap(({ data }) => data?.["id"] ?? []);
  const lost = cloudOf(state).find(({ metadata }) => !used.includes(metadata.name ?? ""));
  return lost === undefined || `${lost.metadata.name ?? ""} belongs to nobody`;
});

export const losesTheId: KnownBug = {
  name: "loses-the-id",
  defect: "makes something at a provider and writes its id down afterwards",
  from: "class: orphaned externals",
  processes: {
    cloud: faultyLoop({
      watches: [ConfigMap],
      make: () => async (hand) => {
        for (const { metadata, data } of parents(hand)) {
          if (data?.["id"] !== undefined) continue;
          const made = await makeSecret(hand, {
            generateName: "machine-",
            labels: { cloud: "yes" },
          });
          const patch = { data: { id: made.metadata.name ?? "" } };
          const key = at(metadata.name ?? "");
          await hand.client.patch(ConfigMap, key, { kind: "merge", patch }, hand.context);
        }
      },
    }),
  },
  scenario: [settings("a", {})],
  invariants: [everythingIsReferenced],
  hasNodes: false,
};

const FINALIZER = "example.dev/cloud";

async function setFinalizers(
  hand: Hand,
  name: string,
  finalizers: readonly string[],
): Promise<void> {
  const patch = { metadata: { finalizers } };
  await hand.client.patch(ConfigMap, at(name), { kind: "merge", patch }, hand.context);
}

async function makeMachine(hand: Hand, name: string): Promise<void> {
  const labels = { cloud: "yes" };
  await makeSecret(hand, { name: `machine-${name}`, labels }).catch(() => undefined);
}

const machinesHaveParents = eventually("no machine without its parent", (state) => {
  const lost = cloudOf(state).find(
    ({ metadata }) =>
      state.get(ConfigMap, metadata.name?.slice("machine-".length) ?? "") === undefined,
  );
  return lost === undefined || `${lost.metadata.name ?? ""} is left`;
});

/** A parent with a machine at a provider, which is to go with it. */
type Cloud = {
  readonly hand: Hand;
  readonly name: string;
  /** Whether the finalizer is in place. */
  readonly isHeld: boolean;
};

/** Three who get the order of their steps wrong. `lives` is done while the parent does. */
function cloudBug(
  words: Pick<KnownBug, "name" | "defect">,
  lives: (cloud: Cloud) => Promise<void>,
  goes: (cloud: Cloud) => Promise<void>,
): KnownBug {
  const cloud = faultyLoop({
    watches: [ConfigMap],
    make: () => async (hand) => {
      for (const { metadata } of parents(hand)) {
        const { name = "", finalizers = [], deletionTimestamp } = metadata;
        const each = { hand, name, isHeld: finalizers.includes(FINALIZER) };
        await (deletionTimestamp === undefined ? lives(each) : goes(each));
      }
    },
  });
  return {
    ...words,
    from: "class: finalizers",
    processes: { cloud },
    scenario: [settings("a", {}), remove(ConfigMap, "a")],
    invariants: [machinesHaveParents],
    hasNodes: false,
  };
}

async function hold({ hand, name, isHeld }: Cloud): Promise<void> {
  if (!isHeld) await setFinalizers(hand, name, [FINALIZER]);
}

async function deleteMachine({ hand, name }: Cloud): Promise<void> {
  await hand.client.delete(Secret, at(`machine-${name}`), hand.context);
}

export const finalizerTooLate: KnownBug = cloudBug(
  {
    name: "finalizer-too-late",
    defect: "makes something at a provider before its finalizer is in place",
  },
  async (cloud) => {
    await makeMachine(cloud.hand, cloud.name);
    await hold(cloud);
  },
  async (cloud) => {
    await deleteMachine(cloud).catch(() => undefined);
    await setFinalizers(cloud.hand, cloud.name, []);
  },
);

export const finalizerTooEarly: KnownBug = cloudBug(
  {
    name: "finalizer-too-early",
    defect: "removes its finalizer, and cleans up afterwards",
  },
  async (cloud) => {
    await hold(cloud);
    await makeMachine(cloud.hand, cloud.name);
  },
  async (cloud) => {
    await setFinalizers(cloud.hand, cloud.name, []);
    await deleteMachine(cloud);
  },
);

export const failsOnGone: KnownBug = cloudBug(
  {
    name: "fails-on-gone",
    defect: "takes it for a failure that what it cleans up is gone already",
  },
  async (cloud) => {
    await hold(cloud);
    await makeMachine(cloud.hand, cloud.name);
  },
  async (cloud) => {
    if (!cloud.isHeld) return;
    await deleteMachine(cloud);
    await setFinalizers(cloud.hand, cloud.name, []);
  },
);

const LEASE_MS = 30_000;

/** Takes the lease if it is free, and believes for ever that it has it. */
function leaderOnce(me: string): Program {
  return faultyLoop({
    watches: [Lease, ReplicaSet],
    everyMs: 10_000,
    make: () => {
      let isLeader = false;
      return async (hand) => {
        const lease = hand.find(Lease, "work");
        if (lease === undefined) return;
        const now = hand.env.clock.now();
        const renewedMs = parseApiTime(lease.spec?.renewTime ?? "");
        const isMine = lease.spec?.holderIdentity === me;
        if (isMine || !(now - renewedMs < LEASE_MS)) {
          const spec = { holderIdentity: me, renewTime: apiMicroTime(now) };
          await hand.client.update<ApiObject>(
            Lease,
            Object.assign({}, lease, { spec }),
            hand.context,
          );
          isLeader = true;
        }
        if (!isLeader || hand.find(ReplicaSet, "web") === undefined) return;
        const { items } = await hand.client.list(Pod, {}, hand.context);
        const isDone = items.some(({ metadata }) => metadata.labels?.["by"] === me);
        if (!isDone) await makePod(hand, { generateName: `${me}-`, labels: { by: me } });
        for (const { metadata } of items) {
          if (metadata.labels?.["by"] === me) continue;
          await hand.client.delete(Pod, at(metadata.name ?? ""), hand.context);
        }
      };
    },
  });
}

export const oldLeader: KnownBug = {
  name: "old-leader",
  defect: "goes on as a leader after another process has taken the lease",
  from: "class: two believed leaders",
  processes: { one: leaderOnce("one"), two: leaderOnce("two") },
  scenario: [create(Lease, { metadata: { name: "work" }, spec: { holderIdentity: "" } }), setOf(1)],
  hasNodes: false,
};

export const MEMORY_BUGS: readonly KnownBug[] = [
  forgetsPorts,
  sharesPorts,
  saysDoneFirst,
  losesTheId,
  finalizerTooLate,
  finalizerTooEarly,
  failsOnGone,
  oldLeader,
];
