/** Defects of those who write: over others, for ever, or what is not so. */
import { ConfigMap, Pod, ReplicaSet } from "../../../client/builtin.ts";
import { isStatus } from "../../../machinery/status.ts";
import { always, eventually } from "../../oracles/invariants.ts";
import { change, remove } from "../../scenario/operation.ts";
import { faultyLoop, type Hand } from "./faulty-loop.ts";
import type { KnownBug } from "./known-bug.ts";
import { at, livePods, makePod, parents, setOf, settings } from "./parts.ts";

async function mergeData(
  hand: Hand,
  name: string,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  await hand.client.patch(ConfigMap, at(name), { kind: "merge", patch: { data } }, hand.context);
}

export const stampsEachTime: KnownBug = {
  name: "stamps-each-time",
  defect: "writes the time of each look, and is woken by that",
  from: "knative/serving #1353",
  processes: {
    stamper: faultyLoop({
      watches: [ConfigMap],
      make: () => async (hand) => {
        for (const { metadata } of parents(hand)) {
          await hand.env.timers.sleep(500, hand.context.signal);
          await mergeData(hand, metadata.name ?? "", { seen: String(hand.env.clock.now()) });
        }
      },
    }),
  },
  scenario: [settings("a", {})],
  hasNodes: false,
};

const wants = (value: string) =>
  faultyLoop({
    watches: [ConfigMap],
    make: () => async (hand) => {
      for (const { metadata, data } of parents(hand)) {
        if (data?.["mode"] !== value) await mergeData(hand, metadata.name ?? "", { mode: value });
      }
    },
  });

export const twoMasters: KnownBug = {
  name: "two-masters",
  defect: "two controllers want different values of one field",
  from: "openshift/hypershift #950",
  processes: { left: wants("left"), right: wants("right") },
  scenario: [settings("a", {})],
  hasNodes: false,
};

export const overwritesAll: KnownBug = {
  name: "overwrites-all",
  defect: "writes the whole object as it saw it, without saying which version that was",
  from: "class: lost update",
  processes: {
    writer: faultyLoop({
      watches: [ConfigMap],
      make: () => async (hand) => {
        for (const parent of parents(hand)) {
          if (parent.data?.["handled"] === parent.data?.["wish"]) continue;
          const { resourceVersion: _version, ...metadata } = parent.metadata;
          const data = { ...parent.data, handled: parent.data?.["wish"] ?? "" };
          await hand.client.update(ConfigMap, { ...parent, metadata, data }, hand.context);
        }
      },
    }),
  },
  scenario: [
    settings("a", { wish: "tea", sugar: "no" }),
    change(ConfigMap, "a", { data: { sugar: "yes" } }),
    change(ConfigMap, "a", { data: { wish: "coffee" } }),
  ],
  invariants: [
    eventually("what people wrote stands", (state) => {
      const { wish, sugar } = state.get(ConfigMap, "a")?.data ?? {};
      return (wish === "coffee" && sugar === "yes") || `wish ${wish}, sugar ${sugar}`;
    }),
  ],
  hasNodes: false,
};

export const dropsFinalizers: KnownBug = {
  name: "drops-finalizers",
  defect: "sets the whole list of finalizers from its view, and so drops another's",
  from: "class: lost update of a list",
  processes: {
    holder: faultyLoop({
      watches: [ConfigMap],
      make: () => async (hand) => {
        for (const { metadata } of parents(hand)) {
          const { finalizers = [], deletionTimestamp } = metadata;
          const isMine = finalizers.includes("example.dev/mine");
          const others = finalizers.filter((name) => name !== "example.dev/mine");
          const wanted = deletionTimestamp === undefined ? [...others, "example.dev/mine"] : others;
          if (isMine === (deletionTimestamp === undefined)) continue;
          const patch = { metadata: { finalizers: wanted } };
          const key = at(metadata.name ?? "");
          await hand.client.patch(ConfigMap, key, { kind: "merge", patch }, hand.context);
        }
      },
    }),
  },
  scenario: [
    settings("a", {}),
    {
      name: "another holds a",
      run: async (client, context) => {
        const operations = [
          { op: "add", path: "/metadata/finalizers/-", value: "example.dev/other" },
        ];
        const key = at("a");
        try {
          await client.patch(ConfigMap, key, { kind: "json", operations }, context);
        } catch (error) {
          if (!isStatus(error)) throw error;
          const patch = { metadata: { finalizers: ["example.dev/other"] } };
          await client.patch(ConfigMap, key, { kind: "merge", patch }, context);
        }
      },
    },
    remove(ConfigMap, "a"),
  ],
  without: ["no stuck deletion"],
  invariants: [
    {
      name: "the other's finalizer stays",
      make: () => ({
        name: "the other's finalizer stays",
        onWrite: ({ before, after, actor }) => {
          const had = before?.metadata.finalizers?.includes("example.dev/other") ?? false;
          const has = after?.metadata.finalizers?.includes("example.dev/other") ?? false;
          return had && !has && actor === "holder" ? "it is gone" : undefined;
        },
      }),
    },
  ],
  hasNodes: false,
};

export const claimsToHaveSeen: KnownBug = {
  name: "claims-to-have-seen",
  defect: "works from its view, and reports the generation it reads afterwards",
  from: "class: observedGeneration",
  processes: {
    reporter: faultyLoop({
      watches: [ReplicaSet, Pod],
      make: () => async (hand) => {
        const set = hand.find(ReplicaSet, "web");
        if (set === undefined) return;
        const wanted = set.spec?.replicas ?? 0;
        for (let nth = 0; nth < wanted; nth += 1) {
          if (hand.find(Pod, `web-${nth}`) === undefined) {
            await makePod(hand, { name: `web-${nth}` }).catch(() => undefined);
          }
        }
        const now = await hand.client.get(ReplicaSet, at("web"), hand.context);
        const { generation = 0 } = now.metadata;
        if (now.status?.observedGeneration === generation) return;
        const patch = { status: { observedGeneration: generation, replicas: wanted } };
        await hand.client.patch(ReplicaSet, at("web"), { kind: "merge", patch }, hand.context, {
          subresource: "status",
        });
      },
    }),
  },
  scenario: [setOf(1), change(ReplicaSet, "web", { spec: { replicas: 2 } })],
  invariants: [
    always("what is reported is done", (state) => {
      const set = state.get(ReplicaSet, "web");
      const isReported = set?.status?.observedGeneration === set?.metadata.generation;
      if (set === undefined || !isReported) return true;
      const wanted = set.spec?.replicas ?? 0;
      return livePods(state).length >= wanted || `${livePods(state).length} of ${wanted} are there`;
    }),
  ],
  hasNodes: false,
};

export const readyForever: KnownBug = {
  name: "ready-for-ever",
  defect: "says that all is ready once, and never takes it back",
  from: "class: status that is not derived",
  processes: {
    reporter: faultyLoop({
      watches: [ConfigMap, Pod],
      make: () => async (hand) => {
        for (const { metadata, data } of parents(hand)) {
          const { name = "" } = metadata;
          const isThere = hand.find(Pod, `${name}-child`) !== undefined;
          if (!isThere && data?.["ready"] === undefined) {
            await makePod(hand, { name: `${name}-child` }).catch(() => undefined);
          }
          if (isThere && data?.["ready"] !== "yes") await mergeData(hand, name, { ready: "yes" });
        }
      },
    }),
  },
  scenario: [settings("a", {}), remove(Pod, "a-child")],
  invariants: [
    eventually("who is ready has a child", (state) =>
      state
        .list(ConfigMap)
        .filter(({ data }) => data?.["ready"] === "yes")
        .every(({ metadata }) => state.get(Pod, `${metadata.name ?? ""}-child`) !== undefined),
    ),
  ],
  hasNodes: false,
};

export const WRITING_BUGS: readonly KnownBug[] = [
  stampsEachTime,
  twoMasters,
  overwritesAll,
  dropsFinalizers,
  claimsToHaveSeen,
  readyForever,
];
