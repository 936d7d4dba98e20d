import { expect, test } from "vitest";
import type { Context } from "../../base/context.ts";
import { ConfigMap, ReplicaSet } from "../../client/builtin.ts";
import { isStatus } from "../../machinery/status.ts";
import type { Program } from "../actors/process.ts";
import { always } from "../oracles/invariants.ts";
import { SimulationError } from "../report/simulation-error.ts";
import { create } from "../scenario/operation.ts";
import { simulate, type SimulateOptions } from "../simulate.ts";
import { faultyLoop } from "../testing/corpus/faulty-loop.ts";
import { livePods, makePod, setOf } from "../testing/corpus/parts.ts";
import { createA, probeSystem, runWith, storyOf } from "../testing/probe.ts";

const wait = { name: "wait", run: () => Promise.resolve() };
const byPeople = create(ConfigMap, { metadata: { name: "b" } });

type Told = {
  readonly answers: readonly string[];
  /** When the process' object was made, and that of people, in seconds. */
  readonly made: readonly (number | undefined)[];
  readonly disk: readonly string[];
};

/** A process writes half a minute after its start, and once more 40 s later; people at 60 s. */
async function withDisk(act: string): Promise<Told> {
  const answers: string[] = [];
  const { system } = await probeSystem(() => Promise.resolve(""));
  const program: Program = ({ client, env }) => ({
    name: "probe",
    run: async (context: Context) => {
      for (const waitMs of [31_000, 40_000]) {
        await env.timers.sleep(waitMs, context.signal);
        const told = createA(client, context).catch((error: unknown) => String(error));
        answers.push(await told);
      }
      await env.timers.sleep(1e9, context.signal);
    },
  });
  const operations = [wait, byPeople];
  const processes = [{ name: "probe", program }];
  const taken = {
    ...(act === "" ? {} : { 'disk: after "wait"': act }),
    'pace: after "wait"': "5s",
  };
  const result = await runWith({ ...system, operations, processes }, taken);
  const at = (name: string): number | undefined => {
    const write = result.events.find(({ actor, what }) => {
      return actor === "store" && what.startsWith(`create configmaps default/${name}`);
    });
    return write && write.atMs / 1_000;
  };
  return { answers, made: [at("a"), at("b")], disk: storyOf(result, /^disk: [A-Z]{2}/) };
}

const FAILED = expect.stringMatching(/accepts no writes until it is opened again/);
const EXISTS = expect.stringMatching(/already exists/);

const CASES: Readonly<Record<string, Told>> = {
  "": { answers: ["made", EXISTS], made: [31, 35], disk: [] },
  "slow for 30s": { answers: ["made", EXISTS], made: [34, 38], disk: ["disk: IS SLOW for 30 s"] },
  // People wait until there is room again and the server is back.
  "full for 30s": {
    answers: [FAILED, "made"],
    made: [71, 61],
    disk: ["disk: IS FULL for 30 s"],
  },
  // It is not known whether it was written; it was.
  "fails with the next write": {
    answers: [FAILED, EXISTS],
    made: [32, 35],
    disk: ["disk: FAILS with the next write", "disk: HAS FAILED"],
  },
};

for (const [act, told] of Object.entries(CASES)) {
  test(`the disk ${act || "is well"}: what is answered, and what is there`, async () => {
    expect(await withDisk(act)).toEqual(told);
  });
}

/** Makes a pod for each set; `metadata`: of the pod of a set of this name. */
const keeping = (metadata: (name: string) => object): SimulateOptions => ({
  processes: {
    keeper: faultyLoop({
      watches: [ReplicaSet],
      make: () => {
        const done = new Set<string>();
        return async (hand) => {
          for (const {
            metadata: { name = "" },
          } of hand.list(ReplicaSet)) {
            if (done.has(name)) continue;
            await makePod(hand, metadata(name)).catch((error: unknown) => {
              if (!isStatus(error, "AlreadyExists")) throw error;
            });
            done.add(name);
          }
        };
      },
    }),
  },
  scenario: [setOf(1, "a"), setOf(1, "b")],
  faults: ["disk"],
  hasNodes: false,
  tapes: "",
  runs: 30,
  invariants: [
    always("never more pods than sets", (state) => {
      const [pods, sets] = [livePods(state).length, state.list(ReplicaSet).length];
      return pods <= sets || `${pods} pods, ${sets} sets`;
    }),
  ],
});

test("who takes a server's 503 for a write that was not done is found out", async () => {
  const error = await simulate(keeping(() => ({}))).catch((failure: unknown) => failure);
  if (!(error instanceof SimulationError)) throw error;
  expect(Object.values(error.tape.taken)).toEqual(["fails with the next write"]);
});

test("who names what it makes holds out, whatever the disk does", async () => {
  expect((await simulate(keeping((name) => ({ name })))).runs).toBe(30);
});
