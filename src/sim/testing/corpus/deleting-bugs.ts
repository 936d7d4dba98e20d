/** Defects of those who take away: the wrong thing, or at the wrong time. */
import { ConfigMap, PersistentVolumeClaim, Pod, ReplicaSet } from "../../../client/builtin.ts";
import { parseApiTime } from "../../../machinery/api-time.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { eventually } from "../../oracles/invariants.ts";
import { change, remove } from "../../scenario/operation.ts";
import type { State } from "../../world/state.ts";
import { faultyLoop, type Hand } from "./faulty-loop.ts";
import type { KnownBug } from "./known-bug.ts";
import { at, isLive, livePods, makePod, ownerOf, setOf, settings } from "./parts.ts";

/** Names in the data of the parent `members`. */
const membersOf = (view: Pick<Hand, "find">): readonly string[] =>
  Object.keys(view.find(ConfigMap, "members")?.data ?? {});

const wantedMembers = (state: State): readonly string[] =>
  Object.keys(state.get(ConfigMap, "members")?.data ?? {});

export const timeTravelDelete: KnownBug = {
  name: "time-travel-delete",
  defect: "after a restart deletes members that its old view does not know yet",
  from: "kubernetes/kubernetes #59848 and its like",
  processes: {
    members: faultyLoop({
      watches: [ConfigMap, Pod],
      make: () => async (hand) => {
        const wanted = membersOf(hand);
        if (wanted.length === 0) return;
        const { items } = await hand.client.list(Pod, {}, hand.context);
        const there = items.filter(isLive).map(({ metadata }) => metadata.name ?? "");
        for (const name of wanted) if (!there.includes(name)) await makePod(hand, { name });
        for (const name of there) {
          if (!wanted.includes(name)) await hand.client.delete(Pod, at(name), hand.context);
        }
      },
    }),
  },
  scenario: [
    settings("members", { a: "" }),
    change(ConfigMap, "members", { data: { b: "" } }),
    change(ConfigMap, "members", { data: { c: "" } }),
  ],
  invariants: [
    {
      name: "no member is deleted",
      make: () => ({
        name: "no member is deleted",
        onWrite: ({ verb, resource, before, actor }, { state }) => {
          const name = before?.metadata.name ?? "";
          const isMember = resource === "pods" && wantedMembers(state).includes(name);
          return verb === "delete" && actor === "members" && isMember
            ? `${name} is deleted, and is a member`
            : undefined;
        },
      }),
    },
  ],
  hasNodes: false,
};

const claim = (name: string): ApiObject => {
  const spec = {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
  };
  const metadata = { name, namespace: "default" };
  return Object.assign({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata }, { spec });
};

export const staleScaleDown: KnownBug = {
  name: "stale-scale-down",
  defect: "deletes the volume of a member whose number its old view finds too high",
  from: "datastax/cass-operator #398 and its like",
  processes: {
    volumes: faultyLoop({
      watches: [ReplicaSet, PersistentVolumeClaim],
      make: () => async (hand) => {
        const wanted = hand.find(ReplicaSet, "web")?.spec?.replicas;
        if (wanted === undefined) return;
        const { items } = await hand.client.list(PersistentVolumeClaim, {}, hand.context);
        for (let nth = items.length; nth < wanted; nth += 1) {
          await hand.client.create<ApiObject>(
            PersistentVolumeClaim,
            claim(`data-${nth}`),
            hand.context,
          );
        }
        for (let nth = wanted; nth < items.length; nth += 1) {
          await hand.client.delete(PersistentVolumeClaim, at(`data-${nth}`), hand.context);
        }
      },
    }),
  },
  scenario: [setOf(1), change(ReplicaSet, "web", { spec: { replicas: 3 } })],
  without: ["no stuck deletion"],
  invariants: [
    {
      name: "data that is wanted is kept",
      make: () => ({
        name: "data that is wanted is kept",
        onWrite: ({ verb, resource, before }, { state }) => {
          if (verb !== "delete" || resource !== "persistentvolumeclaims") return undefined;
          const number = Number(before?.metadata.name?.slice("data-".length));
          const wanted = state.get(ReplicaSet, "web")?.spec?.replicas ?? 0;
          return number < wanted ? `data-${number} is deleted, ${wanted} are wanted` : undefined;
        },
      }),
    },
  ],
};

export const deletesRecreated: KnownBug = {
  name: "deletes-recreated",
  defect: "deletes by name what it saw some time ago, though another one has that name by now",
  from: "class: deletion without a precondition",
  processes: {
    cleaner: faultyLoop({
      watches: [ConfigMap],
      make: () => async (hand) => {
        for (const { metadata, data } of hand.list(ConfigMap)) {
          if (data?.["state"] !== "old") continue;
          await hand.client.delete(ConfigMap, at(metadata.name ?? ""), hand.context);
        }
      },
    }),
  },
  scenario: [
    settings("job", { state: "old" }),
    { ...remove(ConfigMap, "job"), mayBeRefused: true }, // a job that is done is gone
    { ...settings("job", { state: "new" }), name: "create ConfigMap job anew" },
  ],
  hasNodes: false,
};

/** A pod that is not ready for so long counts as lost. */
const LOST_MS = 300_000;

export const trustsTheClock: KnownBug = {
  name: "trusts-the-clock",
  defect: "takes a pod for lost by comparing the time in it with its own clock",
  from: "class: clock skew",
  processes: {
    reaper: faultyLoop({
      watches: [Pod, ReplicaSet],
      everyMs: 10_000,
      make: () => async (hand) => {
        if (hand.find(ReplicaSet, "web") !== undefined && hand.list(Pod).length === 0) {
          await makePod(hand, { name: "web-0" }).catch(() => undefined);
        }
        for (const { metadata } of hand.list(Pod)) {
          const bornMs = parseApiTime(metadata.creationTimestamp ?? "");
          const lived = metadata.labels?.["checked"];
          if (lived !== undefined || hand.env.clock.now() - bornMs < LOST_MS) continue;
          await hand.client.delete(Pod, at(metadata.name ?? ""), hand.context);
        }
        for (const { metadata, status } of hand.list(Pod)) {
          if (status?.phase !== "Running" || metadata.labels?.["checked"] !== undefined) continue;
          const patch = { metadata: { labels: { checked: "yes" } } };
          await hand.client.patch(
            Pod,
            at(metadata.name ?? ""),
            { kind: "merge", patch },
            hand.context,
          );
        }
      },
    }),
  },
  scenario: [setOf(1), change(ReplicaSet, "web", { spec: { replicas: 1 } })],
  invariants: [
    {
      name: "a young pod is not taken away",
      make: () => {
        const born = new Map<string, number>();
        return {
          name: "a young pod is not taken away",
          onWrite: ({ resource, before, after, atMs, verb }) => {
            const uid = (after ?? before)?.metadata.uid ?? "";
            if (resource !== "pods") return undefined;
            if (before === undefined) born.set(uid, atMs);
            const ageMs = atMs - (born.get(uid) ?? 0);
            return verb === "delete" && after !== undefined && ageMs < LOST_MS
              ? `it was ${ageMs} ms old`
              : undefined;
          },
        };
      },
    },
  ],
};

const READY_MIN = 1;

export const restartsAllAtOnce: KnownBug = {
  name: "restarts-all-at-once",
  defect: "takes the next old pod away while its view still shows the last one as ready",
  from: "class: overshoot of a rolling restart",
  processes: {
    roller: faultyLoop({
      watches: [ReplicaSet, Pod],
      make: () => async (hand) => {
        const set = hand.find(ReplicaSet, "web");
        if (set === undefined) return;
        const version = set.spec?.template?.metadata?.labels?.["version"] ?? "1";
        const pods = hand.list(Pod);
        for (const nth of [0, 1]) {
          const name = `web-${nth}`;
          if (pods.some(({ metadata }) => metadata.name === name)) continue;
          await makePod(hand, { name, labels: { version } }).catch(() => undefined);
        }
        const ready = pods.filter((pod) => isLive(pod) && isReady(pod));
        const old = ready.find(({ metadata }) => metadata.labels?.["version"] !== version);
        if (old === undefined || ready.length <= READY_MIN) return;
        const { name = "", uid = "" } = old.metadata;
        const preconditions = { uid };
        await hand.client.delete(Pod, at(name), hand.context, { preconditions });
        const next = hand.list(Pod).find(({ metadata }) => metadata.name !== name);
        if (next !== undefined) hand.env.timers.after(10, () => undefined);
      },
    }),
  },
  scenario: [
    setOf(2),
    change(ReplicaSet, "web", {
      spec: { template: { metadata: { labels: { version: "2" } } } },
    }),
  ],
  invariants: [
    {
      name: "one pod is ready once both were",
      make: () => {
        let wereBoth = false;
        return {
          name: "one pod is ready once both were",
          onWrite: ({ actor }, { state }) => {
            const ready = livePods(state).filter(isReady).length;
            wereBoth ||= ready === 2;
            return wereBoth && ready === 0 && actor === "roller" ? "no pod is ready" : undefined;
          },
        };
      },
    },
  ],
};

function isReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: is }) => type === "Ready" && is === "True",
  );
}

export const ownerOfBefore: KnownBug = {
  name: "owner-of-before",
  defect: "remembers by name what it has done, so that a parent made anew gets nothing",
  from: "class: identity by name instead of uid",
  processes: {
    children: faultyLoop({
      watches: [ConfigMap],
      make: () => {
        const done = new Set<string>();
        return async (hand) => {
          for (const parent of hand.list(ConfigMap)) {
            const { name = "", labels } = parent.metadata;
            if (labels?.["role"] !== "parent" || done.has(name)) continue;
            const ownerReferences = [ownerOf(ConfigMap, parent)];
            await makePod(hand, { name: `${name}-child`, ownerReferences });
            done.add(name);
          }
        };
      },
    }),
  },
  scenario: [
    settings("a", {}),
    remove(ConfigMap, "a"),
    { ...settings("a", { again: "yes" }), name: "create ConfigMap a anew" },
  ],
  invariants: [
    eventually("each parent has its child", (state) =>
      state
        .list(ConfigMap)
        .filter(({ metadata }) => metadata.labels?.["role"] === "parent")
        .every(({ metadata }) => state.get(Pod, `${metadata.name ?? ""}-child`) !== undefined),
    ),
  ],
  hasNodes: false,
};

export const adoptsTheDying: KnownBug = {
  name: "counts-the-dying",
  defect: "counts a child that is being deleted as there, and never looks at it again",
  from: "class: deletionTimestamp ignored",
  processes: {
    keeper: faultyLoop({
      watches: [ReplicaSet],
      reads: [Pod],
      make: () => async (hand) => {
        if (hand.find(ReplicaSet, "web") === undefined) return;
        if (hand.find(Pod, "web-0") === undefined) await makePod(hand, { name: "web-0" });
      },
    }),
  },
  scenario: [
    setOf(1),
    remove(Pod, "web-0"),
    change(ReplicaSet, "web", { metadata: { labels: { seen: "again" } } }),
  ],
  invariants: [eventually("the pod is there", (state) => livePods(state).length === 1)],
};

export const DELETING_BUGS: readonly KnownBug[] = [
  timeTravelDelete,
  staleScaleDown,
  deletesRecreated,
  trustsTheClock,
  restartsAllAtOnce,
  ownerOfBefore,
  adoptsTheDying,
];
