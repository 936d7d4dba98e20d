import { beforeAll, expect, test } from "vitest";
import { Pod, ReplicaSet } from "../../../client/builtin.ts";
import { replicaSetController } from "../../../controllers/replicaset/controller.ts";
import { eventually } from "../../oracles/invariants.ts";
import type { MakeOracle } from "../../oracles/oracle.ts";
import { SimulationError } from "../../report/simulation-error.ts";
import { create, remove } from "../../scenario/operation.ts";
import { simulate, type SimulateOptions } from "../../simulate.ts";
import { faultyLoop, type Hand } from "../../testing/corpus/faulty-loop.ts";
import { livePods, makePod, setOf, wantedPods } from "../../testing/corpus/parts.ts";
import { probeSystem, runWith } from "../../testing/probe.ts";
import type { System } from "../../world/run.ts";

const pod = { metadata: { name: "web" }, spec: { containers: [{ name: "web", image: "web" }] } };
const wait = { name: "wait", run: () => Promise.resolve() };

/** What became of the pod, write by write: the time in seconds, the phase, and what else is new. */
const lives: string[] = [];
const tells: MakeOracle = () => ({
  name: "tells",
  onWrite: ({ resource, after, atMs }) => {
    if (resource !== "pods") return undefined;
    lives.push(`${atMs / 1_000} ${after === undefined ? "gone" : stateOf(after as Pod)}`);
    return undefined;
  },
});

function stateOf({ metadata, status }: Pod): string {
  const { phase = "", conditions = [], containerStatuses = [], reason } = status ?? {};
  const isReady = conditions.some((each) => each.type === "Ready" && each.status === "True");
  const [container] = containerStatuses;
  const { state, restartCount = 0 } = container ?? {};
  return [
    metadata.deletionTimestamp === undefined ? "" : "deleted",
    phase,
    isReady ? "ready" : "",
    reason,
    state?.waiting?.reason,
    restartCount === 0 ? "" : `restarts ${restartCount}`,
  ]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
}

let system: System;

beforeAll(async () => {
  const operations = [create(Pod, pod), wait];
  const oracles = [tells];
  const probe = await probeSystem(() => Promise.resolve(""), { operations, oracles });
  system = { ...probe.system, hasNodes: true };
});

/** Until it is mended, which every run ends with. */
async function lifeWith(
  taken: Readonly<Record<string, string>>,
  more: Partial<System> = {},
): Promise<readonly string[]> {
  lives.length = 0;
  const { events } = await runWith({ ...system, ...more }, taken);
  const mended = events.find(({ what }) => what === "ALL IS MENDED")?.atMs ?? 0;
  return lives.map((line) => {
    const [at = "", ...state] = line.split(" ");
    const seconds = Number(at) - 30; // the run's beginning
    return `${Number(at) * 1_000 >= mended ? "mended" : seconds} ${state.join(" ")}`;
  });
}

const BEGIN = ["0 Pending", "1 Pending", "1 Running ready"];
const FATES: Readonly<Record<string, readonly string[]>> = {
  "": BEGIN,
  "no image": ["0 Pending", "1 Pending", "1 Pending ImagePullBackOff", "mended Running ready"],
  "crash loop": [
    "0 Pending",
    "1 Pending",
    ...[1, 11, 31].map((at, nth) => `${at + 1} Running CrashLoopBackOff restarts ${nth + 1}`),
    "mended Running ready",
  ],
  restarts: [...BEGIN, "6 Running", "6 Running ready restarts 1"],
  "is evicted": [...BEGIN, "6 Failed Evicted"],
  // The eviction first says why in a condition.
  "is drained": [...BEGIN, "6 Running ready", "6 deleted Running ready", "7 gone"],
};

for (const [fate, told] of Object.entries(FATES)) {
  test(`a pod ${fate || "without a fault"}: what its node says of it`, async () => {
    const life = await lifeWith(fate === "" ? {} : { "node: default/web": fate });
    const states = life.map((line) => line.replace(/ (ImagePullBackOff|CrashLoop\S*)$/, " $1"));
    expect(states.map(withoutStale)).toEqual(told);
  });
}

/** What containers said last stays in the status when the pod is well again. */
function withoutStale(line: string): string {
  return line.startsWith("mended") ? line.replace(/ ready .*$/, " ready") : line;
}

const DIES = 'node: node-1 after "wait"';

test("a node that is back in time has its pod unready for a while, and started anew", async () => {
  const life = await lifeWith({ [DIES]: "dies for 2min" });
  const [since, until] = life.slice(3).map((line) => Number(line.split(" ")[0]));
  const states = life.slice(3).map((line) => line.replace(/^\S+ /, ""));
  expect(states).toEqual(["Running", "Running ready restarts 1"]);
  expect((until ?? 0) - (since ?? 0)).toBe(80);
});

test("on a node that stays away a pod is deleted, and there until the node is back", async () => {
  const life = await lifeWith({ [DIES]: "dies for 15min" });
  expect(life.slice(3).map((line) => line.replace(/^\d+/, ""))).toEqual([
    " Running",
    " deleted Running",
    "mended gone",
  ]);
});

test("a pod that is deleted while its node is away is stopped when that is back", async () => {
  const operations = [create(Pod, pod), wait, remove(Pod, "web")];
  const life = await lifeWith({ [DIES]: "dies for 2min" }, { operations });
  expect(life.some((line) => line.includes("deleted"))).toBe(true);
  expect(life.at(-1)).toContain("gone");
});

/** Keeps as many pods as are wanted; `counts` says which of them count. */
const keeping = (counts: (pod: Pod) => boolean): SimulateOptions => ({
  processes: {
    keeper: faultyLoop({
      watches: [ReplicaSet, Pod],
      make: () => async (hand: Hand) => {
        const there = hand.list(Pod).filter(({ metadata }) => {
          return metadata.deletionTimestamp === undefined;
        });
        const wanted = hand.find(ReplicaSet, "web")?.spec?.replicas ?? 0;
        if (there.filter(counts).length < wanted) await makePod(hand);
      },
    }),
  },
  scenario: [setOf(1)],
  faults: ["node"],
  tapes: "",
  runs: 60,
  invariants: [
    eventually("as many pods as wanted", (state) => {
      const [there, wanted] = [livePods(state).length, wantedPods(state)];
      return there === wanted || `${there} pods, ${wanted} are wanted`;
    }),
  ],
});

async function taken(options: SimulateOptions): Promise<readonly string[]> {
  const error = await simulate(options).catch((failure: unknown) => failure);
  if (!(error instanceof SimulationError)) throw error;
  return Object.values(error.tape.taken);
}

test("who counts what was evicted, or has too many when a node is back, is found", async () => {
  expect(await taken(keeping(() => true))).toEqual(["is evicted"]);
  const isReady = ({ status }: Pod): boolean =>
    status?.phase === "Pending" || stateOf({ metadata: {}, status } as Pod).includes("ready");
  const options = keeping(isReady);
  const [fate = ""] = await taken(options);
  expect(["crash loop", "restarts", "dies for 2min", "dies for 15min"]).toContain(fate);
});

test("the ReplicaSet controller holds out, whatever becomes of nodes and pods", async () => {
  const { processes: _none, ...options } = keeping(() => true);
  const controllers = [replicaSetController];
  expect((await simulate({ ...options, controllers, runs: 40 })).runs).toBe(40);
}, 60_000);
