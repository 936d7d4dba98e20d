/** Defects of those who meet errors, or do not hear of a change: they stop too early. */
import { ConfigMap, Pod, Secret } from "../../../client/builtin.ts";
import { isStatus } from "../../../machinery/status.ts";
import { eventually } from "../../oracles/invariants.ts";
import { change, remove } from "../../scenario/operation.ts";
import type { State } from "../../world/state.ts";
import { faultyLoop } from "./faulty-loop.ts";
import type { KnownBug } from "./known-bug.ts";
import { at, makePod, makeSecret, ownerOf, parents, settings } from "./parts.ts";

const parentsIn = (state: State) =>
  state.list(ConfigMap).filter(({ metadata }) => metadata.labels?.["role"] === "parent");

const eachHasAChild = eventually("each parent has its child", (state) =>
  parentsIn(state).every(
    ({ metadata }) => state.get(Pod, `${metadata.name ?? ""}-child`) !== undefined,
  ),
);

export const swallowsErrors: KnownBug = {
  name: "swallows-errors",
  defect: "notes an error in the log, and does not try again",
  from: "class: dropped error",
  processes: {
    maker: faultyLoop({
      watches: [ConfigMap],
      make: () => async (hand) => {
        for (const { metadata } of parents(hand)) {
          const { items } = await hand.client.list(Pod, {}, hand.context);
          const name = `${metadata.name ?? ""}-child`;
          if (items.some((pod) => pod.metadata.name === name)) continue;
          await makePod(hand, { name }).catch((error: unknown) => {
            hand.env.log.error("no child could be made", { error });
          });
        }
      },
    }),
  },
  scenario: [settings("a", {})],
  invariants: [eachHasAChild],
  hasNodes: false,
};

export const ignoresConflicts: KnownBug = {
  name: "ignores-conflicts",
  defect: "takes a conflict for a sign that somebody else has done it",
  from: "class: conflict without another look",
  processes: {
    marker: faultyLoop({
      watches: [ConfigMap],
      make: () => {
        const tried = new Set<string>();
        return async (hand) => {
          for (const parent of parents(hand)) {
            const { name = "", generation: _generation } = parent.metadata;
            const wish = parent.data?.["wish"] ?? "";
            if (parent.data?.["handled"] === wish || tried.has(`${name} ${wish}`)) continue;
            const data = { ...parent.data, handled: wish };
            try {
              await hand.client.update(ConfigMap, { ...parent, data }, hand.context);
            } catch (error) {
              if (!isStatus(error, "Conflict")) throw error;
              tried.add(`${name} ${wish}`);
            }
          }
        };
      },
    }),
  },
  scenario: [
    settings("a", { wish: "tea" }),
    change(ConfigMap, "a", { data: { sugar: "yes" } }),
    change(ConfigMap, "a", { data: { wish: "coffee" } }),
  ],
  invariants: [
    eventually("each wish is handled", (state) =>
      parentsIn(state).every(({ data }) => data?.["handled"] === data?.["wish"]),
    ),
  ],
  hasNodes: false,
};

export const existsIsEnough: KnownBug = {
  name: "exists-is-enough",
  defect: "is content that a child of the name exists, whatever is in it",
  from: "class: AlreadyExists taken for success",
  processes: {
    copier: faultyLoop({
      watches: [ConfigMap],
      make: () => {
        const copied = new Map<string, string>();
        return async (hand) => {
          for (const { metadata, data } of parents(hand)) {
            const { name = "" } = metadata;
            const text = data?.["text"] ?? "";
            if (copied.get(name) === text) continue;
            if (copied.has(name)) {
              const patch = { stringData: { text } };
              await hand.client.patch(
                Secret,
                at(`${name}-copy`),
                { kind: "merge", patch },
                hand.context,
              );
            } else {
              try {
                await makeSecret(hand, { name: `${name}-copy` }, { text });
              } catch (error) {
                if (!isStatus(error, "AlreadyExists")) throw error;
              }
            }
            copied.set(name, text);
          }
        };
      },
    }),
  },
  scenario: [settings("a", { text: "1" }), change(ConfigMap, "a", { data: { text: "2" } })],
  invariants: [
    eventually("each copy is true", (state) =>
      parentsIn(state).every(({ metadata, data }) => {
        const copy = state.get(Secret, `${metadata.name ?? ""}-copy`)?.data?.["text"] ?? "";
        return Buffer.from(copy, "base64").toString() === data?.["text"];
      }),
    ),
  ],
  hasNodes: false,
};

export const watchesParentsOnly: KnownBug = {
  name: "watches-parents-only",
  defect: "is not told when a child goes",
  from: "class: missing watch",
  processes: {
    maker: faultyLoop({
      watches: [ConfigMap],
      make: () => async (hand) => {
        const { items } = await hand.client.list(Pod, {}, hand.context);
        const there = new Set(items.map(({ metadata }) => metadata.name));
        for (const { metadata } of parents(hand)) {
          const name = `${metadata.name ?? ""}-child`;
          if (!there.has(name)) await makePod(hand, { name });
        }
      },
    }),
  },
  scenario: [settings("a", {}), remove(Pod, "a-child")],
  invariants: [eachHasAChild],
  hasNodes: false,
};

export const neverMadeAgain: KnownBug = {
  name: "never-made-again",
  defect: "makes its child only when the parent is new to it",
  from: "class: edge instead of level",
  processes: {
    maker: faultyLoop({
      watches: [ConfigMap, Pod],
      make: () => {
        const known = new Set<string>();
        return async (hand) => {
          for (const parent of parents(hand)) {
            const { name = "", uid = "" } = parent.metadata;
            if (known.has(uid)) continue;
            known.add(uid);
            const ownerReferences = [ownerOf(ConfigMap, parent)];
            await makePod(hand, { name: `${name}-child`, ownerReferences });
          }
        };
      },
    }),
  },
  scenario: [settings("a", {})],
  invariants: [eachHasAChild],
  hasNodes: false,
};

export const givesUp: KnownBug = {
  name: "gives-up",
  defect: "gives up after three failures, and nothing wakes it again",
  from: "class: bounded retries",
  processes: {
    maker: faultyLoop({
      watches: [ConfigMap],
      make: () => {
        let failures = 0;
        return async (hand) => {
          const missing = parents(hand).filter(
            ({ metadata }) =>
              !hand.list(Pod).some((pod) => pod.metadata.name === `${metadata.name ?? ""}-child`),
          );
          for (const { metadata } of missing) {
            if (failures >= 3) return;
            try {
              await makePod(hand, { name: `${metadata.name ?? ""}-child` });
            } catch (error) {
              failures += 1;
              if (!isStatus(error, "AlreadyExists")) throw error;
            }
          }
        };
      },
    }),
  },
  scenario: [settings("a", {}), settings("b", {})],
  invariants: [eachHasAChild],
  hasNodes: false,
};

export const ERROR_BUGS: readonly KnownBug[] = [
  swallowsErrors,
  ignoresConflicts,
  existsIsEnough,
  watchesParentsOnly,
  neverMadeAgain,
  givesUp,
];
