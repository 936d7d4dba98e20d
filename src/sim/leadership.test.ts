import { expect, test } from "vitest";
import { ConfigMap, Secret } from "../client/builtin.ts";
import { LeaderElector } from "../client/leader-election.ts";
import { controller } from "../controller-runtime/declared/controller.ts";
import { createManager } from "../controller-runtime/manager/manager.ts";
import type { LeaderElection } from "../controller-runtime/manager/runnable.ts";
import { oneLeaderWrites } from "./oracles/leadership.ts";
import { eventually, type Invariant } from "./oracles/invariants.ts";
import { onWrites } from "./oracles/temporal.ts";
import type { Program } from "./actors/process.ts";
import { SimulationError } from "./report/simulation-error.ts";
import type { MakeController } from "./scenario/replicas.ts";
import { change, create } from "./scenario/operation.ts";
import { simulate, type SimulateOptions } from "./simulate.ts";

/** A secret for each config map that asks for one, with a stamp of the process that wrote it. */
const copies: MakeController = (deps) => {
  const by = deps.env.ids.uuid();
  const made = controller(ConfigMap, {
    owns: [Secret],
    async reconcile({ metadata: { name = "", labels }, data = {} }, ctx) {
      if (labels?.["copy"] !== "true") return ctx.done();
      await ctx.apply(Secret, { metadata: { name }, stringData: { ...data, by } });
      return ctx.done();
    },
  });
  return made(deps);
};

const notes = { metadata: { name: "notes", labels: { copy: "true" } }, data: { a: "1" } };
const scenario = [create(ConfigMap, notes), change(ConfigMap, "notes", { data: { a: "2" } })];
const copied = eventually("the newest text is copied", (state) => {
  return state.get(Secret, "notes")?.data?.["a"] === btoa("2");
});
const options: SimulateOptions = { scenario, invariants: [copied], hasNodes: false, tapes: "" };

test("of two replicas one leads and writes, whatever pauses and connections do", async () => {
  const led = { controllers: [copies], replicas: 2, leaderElection: true } as const;
  const report = await simulate({ ...options, ...led, runs: 10 });
  expect(report.runs).toBe(10);
}, 120_000);

/** Leads as long as it believes to, and asks nobody before it writes. */
const unfenced: Program = ({ client, env }) => {
  const lease = { namespace: "kube-system", name: "unfenced" };
  const settings = {
    lease,
    leaseDurationMs: 12_000,
    renewDeadlineMs: 9_000,
    retryPeriodMs: 4_000,
  };
  const elector = new LeaderElector({ client, env }, { ...settings, identity: env.ids.uuid() });
  const leaderElection: LeaderElection = {
    name: lease.name,
    run: (context, lead) => elector.run(lead, context),
  };
  return createManager({ client, env, controllers: [copies], leaderElection });
};

test("a manager that does not ask before it writes is found out", async () => {
  const lease = { namespace: "kube-system", name: "unfenced" };
  const processes = { "copies-1": unfenced, "copies-2": unfenced };
  const invariants = [copied, oneLeaderWrites(lease, Object.keys(processes))];
  const faulty = { ...options, processes, invariants, faults: ["world"], runs: 100 } as const;
  const error = await simulate(faulty).catch((failure: unknown) => failure);
  if (!(error instanceof SimulationError)) throw error;
  expect(error.invariant).toBe("one leader writes");
  expect(Object.values(error.tape.taken)).toContain("pause 40s");
});

test("replicas that share the keys hold out", async () => {
  const shared = { controllers: [copies], replicas: 2, shards: true } as const;
  const report = await simulate({ ...options, ...shared, runs: 3 });
  expect(report.runs).toBe(3);
});

/** Without delays on the way there is nothing that may still be under way. */
function holderWrites(): Invariant {
  let holder = "";
  return onWrites("only the holder of the lease copies", ({ actor, resource, verb }) => {
    if (resource === "leases" && verb === "update") holder = actor;
    return resource !== "secrets" || holder === "" || actor === holder || `${actor} does`;
  });
}

test("a paused leader does not send once more what the server had asked to wait with", async () => {
  const led = { controllers: [copies], replicas: 2, leaderElection: true } as const;
  const [, changed = ""] = scenario.map(({ name }) => name);
  const tape = {
    seed: 1,
    operations: scenario.map(({ name }) => name),
    taken: {
      "call: controllers-1: patch secrets default/notes#2": "too many requests",
      [`pace: after "${changed}"`]: "300ms",
      "world: controllers-1 late 1": "pause 40s",
    },
  };
  const paused = { ...options, ...led, invariants: [copied, holderWrites()], tape };
  await simulate(paused);
});
