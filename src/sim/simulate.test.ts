import { expect, test } from "vitest";
import type { Context } from "../base/context.ts";
import { Pod, ReplicaSet } from "../client/builtin.ts";
import { replicaSetController } from "../controllers/replicaset/controller.ts";
import { createInformers } from "../informer/informers.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { Program } from "./actors/process.ts";
import { always, eventually } from "./oracles/invariants.ts";
import { NeverReachedError } from "./oracles/marks.ts";
import { sometimes } from "./oracles/temporal.ts";
import { SimulationError } from "./report/simulation-error.ts";
import { change, create } from "./scenario/operation.ts";
import { simulate } from "./simulate.ts";

const labels = { app: "web" };
const spec = { containers: [{ name: "web", image: "web" }] };
const template = { metadata: { labels }, spec };
const selector = { matchLabels: labels };
const web = { metadata: { name: "web" }, spec: { replicas: 2, selector, template } };
const scenario = [create(ReplicaSet, web), change(ReplicaSet, "web", { spec: { replicas: 3 } })];

const isLive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && status?.phase !== "Failed";

const neverTooMany = always("never more pods than wanted", (state) => {
  const wanted = state.get(ReplicaSet, "web")?.spec?.replicas ?? 0;
  const pods = state.list(Pod).filter(isLive).length;
  return pods <= wanted || `${pods} pods, and ${wanted} are wanted`;
});

const asMany = eventually("as many pods as wanted", (state) => {
  const wanted = state.get(ReplicaSet, "web")?.spec?.replicas ?? 0;
  const pods = state.list(Pod).filter(isLive).length;
  return pods === wanted || `${pods} pods, and ${wanted} are wanted`;
});

/** Counts in its view, which is behind, and makes what is missing there. */
const naive: Program = ({ client, env }) => ({
  name: "naive",
  run: async (context: Context) => {
    const informers = createInformers({ client, env });
    const sets = informers.for(ReplicaSet);
    const pods = informers.for(Pod);
    const look = async (): Promise<void> => {
      for (const set of sets.lister.list()) {
        const missing = (set.spec?.replicas ?? 0) - pods.lister.list().filter(isLive).length;
        for (let nth = 0; nth < missing; nth += 1) {
          const metadata = { generateName: "web-", namespace: "default", labels };
          const pod = { apiVersion: "v1", kind: "Pod", metadata, spec };
          await client.create<ApiObject>(Pod, pod, context);
        }
      }
    };
    let turn = Promise.resolve();
    const wake = (): void => {
      turn = turn.then(look).catch(() => {
        env.timers.after(1_000, wake);
      });
    };
    sets.addListener(wake);
    pods.addListener(wake);
    await informers.run(context);
  },
});

test("a controller that trusts a view which is behind is found out, in a short story", async () => {
  const options = { processes: { naive }, scenario, invariants: [neverTooMany, asMany] };
  const error = await simulate({ ...options, hasNodes: false, tapes: "", runs: 500 }).catch(
    (failure: unknown) => failure,
  );
  if (!(error instanceof SimulationError)) throw error;
  expect(error.invariant).toBe("never more pods than wanted");
  expect(Object.keys(error.tape.taken)).toHaveLength(1);
  expect(error.tape.operations).toEqual(["create ReplicaSet web"]);
  await expect(simulate({ ...options, hasNodes: false, tape: error.tape })).rejects.toThrow(
    error.message.split("\n")[0],
  );
  const stale = { ...error.tape, operations: ["create ReplicaSet of before"] };
  await expect(simulate({ ...options, tape: stale })).rejects.toThrow("no operation");
});

test("the ReplicaSet controller holds out", async () => {
  const controllers = [replicaSetController];
  const report = await simulate({ controllers, scenario, invariants: [asMany], runs: 60 });
  expect(report.runs).toBe(60);
  expect(report.distinct).toBeGreaterThan(40);
});

test("a mark that no run reaches fails the simulation; one that is met does not", async () => {
  const few = { controllers: [replicaSetController], scenario, runs: 2 };
  const marks = [
    sometimes("three pods", (state) => state.list(Pod).length === 3),
    sometimes("nine pods", (state) => state.list(Pod).length === 9),
  ];
  const error = await simulate({ ...few, invariants: marks }).catch((failure: unknown) => failure);
  if (!(error instanceof NeverReachedError)) throw error;
  expect(error.marks).toEqual(["nine pods"]);
  expect(error.message).toContain('never reached in 2 runs: "nine pods"');
});

test("where its tape cannot be kept the story is told all the same, and says so", async () => {
  const wrong = always("never a set", (state) => state.list(ReplicaSet).length === 0);
  for (const tapes of ["/proc/nope/tapes", "package.json/tapes"]) {
    const told = simulate({ scenario, invariants: [wrong], runs: 1, tapes });
    await expect(told).rejects.toThrow(`The tape could not be kept in ${tapes}: E`);
  }
});

test("no replicas at all are refused in words", async () => {
  const none = { controllers: [replicaSetController], scenario, replicas: 0 };
  await expect(simulate(none)).rejects.toThrow("replicas: must be a whole number from 1 to 10");
});
