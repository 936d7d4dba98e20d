import { expect, test } from "vitest";
import { Pod, ReplicaSet } from "../../client/builtin.ts";
import { controller } from "../../controller-runtime/declared/controller.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { always, eventually } from "../oracles/invariants.ts";
import { change, create, remove } from "../scenario/operation.ts";
import { simulate, type SimulateOptions } from "../simulate.ts";
import { SimulationError } from "./simulation-error.ts";
import { SimulationStopped } from "./stopped.ts";

const labels = { app: "web" };
const spec = { containers: [{ name: "web", image: "web" }] };
const template = { metadata: { labels }, spec };
const web = {
  metadata: { name: "web" },
  spec: { replicas: 1, selector: { matchLabels: labels }, template },
};

/** Counts in its view, and makes what is missing there under a name that the server makes up. */
const counting = controller(ReplicaSet, {
  owns: [Pod],
  async reconcile({ metadata, spec: wanted }, ctx) {
    const { name = "", namespace = "", uid = "" } = metadata;
    const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name, uid, controller: true };
    const made = { generateName: `${name}-`, namespace, ownerReferences: [owner] };
    for (let nth = ctx.owned(Pod).length; nth < (wanted?.replicas ?? 0); nth += 1) {
      const pod = { apiVersion: "v1", kind: "Pod", metadata: made, spec };
      await ctx.client.create<ApiObject>(Pod, pod, ctx);
    }
    return ctx.done();
  },
});

const options: SimulateOptions = {
  controllers: [counting],
  hasNodes: false,
  tapes: "",
  scenario: [create(ReplicaSet, web), change(ReplicaSet, "web", { spec: { replicas: 2 } })],
};

const never3 = always("never three", (state) => state.list(Pod).length < 3 || "there are 3");

const tape = {
  seed: 1,
  operations: ["create ReplicaSet web", 'change ReplicaSet web to {"spec":{"replicas":2}}'],
  taken: {
    "call: controllers: create pods default/web-*#2": "crash after effect",
    "list: controllers's pods": "5 behind",
  },
};

async function failureOf(given: SimulateOptions): Promise<SimulationError> {
  const error = await simulate(given).catch((failure: unknown) => failure);
  if (error instanceof SimulationError) return error;
  throw error;
}

/** The lines of one part of the message, without times. */
function partOf({ message }: SimulationError, title: string): readonly string[] {
  const lines = message.split("\n");
  const from = lines.findIndex((line) => line.startsWith(title));
  const length = lines.slice(from).indexOf("");
  return lines
    .slice(from + 1, from + length)
    .map((line) => line.replace(/^ +[\d.]+ s /, "").trim());
}

test("a story tells what woke whom, what it had read, and what it did not know", async () => {
  const error = await failureOf({ ...options, invariants: [never3], tape });
  expect(partOf(error, "How it came to that")).toEqual([
    "user: create ReplicaSet web @7",
    "controllers: replicasets reconciles default/web, woken by ReplicaSet default/web @7",
    "it had read ReplicaSet default/web @7",
    "it had found 0 Pod as of @6",
    "controllers creates Pod default/web-<1> @8",
    'user: change ReplicaSet web to {"spec":{"replicas":2}} @9',
    "controllers: replicasets reconciles default/web, woken by ReplicaSet default/web @9",
    "it had read ReplicaSet default/web @9",
    "it had found 1 Pod as of @8: default/web-<1>",
    "controllers creates Pod default/web-<2> @10",
    "! controllers crashes after create pods default/web-*, before it heard of it",
    "controllers starts (life 2), and knows nothing",
    "! controllers's pods: listed from a replica that is 5 writes behind",
    "controllers: replicasets reconciles default/web, woken by its start",
    "it had found 0 Pod as of @6, 2 writes behind",
    "it did not know of @8: controllers itself created Pod default/web-<1>, 31.000 s old by now",
    "it did not know of @10: controllers itself created Pod default/web-<2>, 1.000 s old by now",
    "it had read ReplicaSet default/web @9",
    "> controllers creates Pod default/web-<3> @11",
    "here it breaks: never three: there are 3",
  ]);
});

/** Makes a pod, and never looks again: nothing that becomes of the pod wakes it. */
const forgetful = controller(ReplicaSet, {
  async reconcile({ metadata: { name = "" } }, ctx) {
    await ctx.apply(Pod, { metadata: { name: `${name}-0` }, spec });
    return ctx.done();
  },
});

test("what comes to nothing is told up to where it rests, each look once", async () => {
  const there = eventually("there", (state) => {
    return state.list(Pod).length > 0 || state.list(ReplicaSet).length === 0 || "none is there";
  });
  const scenario = [create(ReplicaSet, web), remove(Pod, "web-0")];
  const given = { ...options, controllers: [forgetful], scenario, invariants: [there] };
  const error = await failureOf(given);
  expect(partOf(error, "How it came to that")).toEqual([
    "user: create ReplicaSet web @7",
    "controllers: replicasets reconciles default/web, woken by ReplicaSet default/web @7",
    "it had read ReplicaSet default/web @7",
    "controllers creates Pod default/web-0 @8",
    "user: delete Pod web-0 @9",
    "all faults are over",
    "> here it breaks: there: none is there",
  ]);
});

test("a last look that wrote nothing is told at its time", async () => {
  const ready = eventually("two", (state) => state.list(Pod).length === 2 || "there is one");
  const calm = { ...tape, taken: {} };
  const given = { ...options, controllers: [forgetful], invariants: [ready], tape: calm };
  const { message } = await failureOf(given);
  const lines = message.split("\n").filter((line) => /^ +[\d.]+ s /.test(line));
  const times = lines.map((line) => Number.parseFloat(line));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(lines.at(-3)).toMatch(/last look of replicasets at default\/web: success$/);
  expect(lines.at(-2)).toMatch(/all faults are over$/);
});

test("who breaks it by a write of his own is marked, and what was refused is told", async () => {
  const none = always("nobody wants two", (state) => {
    return state.list(ReplicaSet).every((set) => set.spec?.replicas !== 2) || "somebody does";
  });
  const scenario = [create(ReplicaSet, web), create(ReplicaSet, web), ...options.scenario.slice(1)];
  const { operations, ...calm } = { ...tape, taken: {} };
  const [first = "", second = ""] = operations;
  const again = { ...calm, operations: [first, `${first}#2`, second] };
  const error = await failureOf({ ...options, scenario, invariants: [none], tape: again });
  expect(
    partOf(error, "How it came to that").filter((line) => !/^(?:it|controllers)/.test(line)),
  ).toEqual([
    "user: create ReplicaSet web @7",
    'user: create ReplicaSet web: refused: replicasets.apps "web" already exists',
    '> user: change ReplicaSet web to {"spec":{"replicas":2}} @9',
    "here it breaks: nobody wants two: somebody does",
  ]);
  const all = /^All (\d+) events/m.exec(error.message)?.[1];
  expect(Number(all)).toBe(error.events.length);
});

test("a tape can be stopped at a step, and shows what there is and what is unknown", async () => {
  const whole = await failureOf({ ...options, invariants: [never3], tape });
  const crash = whole.events.find((line) => line.includes("CRASHES")) ?? "";
  const until = Number(/\[ *(\d+)\]/.exec(crash)?.[1]);
  const error = await simulate({ ...options, invariants: [never3], tape, until }).catch(
    (failure: unknown) => failure,
  );
  if (!(error instanceof SimulationStopped)) throw error;
  expect(error.step).toBe(until);
  expect(error.state.list(Pod)).toHaveLength(2);
  expect(error.events.at(-1)).toBe(crash);
  expect(error.message).toContain("controllers: Pod default/web-<2> @10, create");
  expect(error.message).toContain("ReplicaSet default/web @9");
});

test("a step that is none is refused, and one that is never reached is said so", async () => {
  await expect(simulate({ ...options, tape, until: 0 })).rejects.toThrow(
    "until: must be the number of a step, from 1 on",
  );
  await expect(simulate({ ...options, tape, until: 9_999 })).rejects.toThrow(
    /^the run has \d+ steps only, and was to be stopped after step 9999/,
  );
});
