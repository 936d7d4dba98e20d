import { expect, test } from "vitest";
import type { Context } from "../../base/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { ConfigMap } from "../../client/builtin.ts";
import { controller } from "../../controller-runtime/declared/controller.ts";
import type { Program } from "../actors/process.ts";
import { eventually } from "../oracles/invariants.ts";
import { SimulationError } from "../report/simulation-error.ts";
import { create, remove } from "../scenario/operation.ts";
import type { MakeController } from "../scenario/replicas.ts";
import { simulate, type SimulateOptions } from "../simulate.ts";
import { probeSystem, runWith } from "../testing/probe.ts";
import { ExternalServiceError, externalService, type ExternalClient } from "./external-service.ts";

type Machine = { readonly owner: string };

const codeOf = (error: unknown): number =>
  error instanceof ExternalServiceError ? error.code : Number.NaN;

type Told = { readonly answers: readonly unknown[]; readonly all: readonly string[] };

/** What a process is answered, under these decisions, and what there is at the end. */
async function asked(
  act: (cloud: ExternalClient<Machine>, wait: (ms: number) => Promise<void>) => Promise<unknown[]>,
  taken: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const cloud = externalService<Machine>("machine");
  const answers: unknown[] = [];
  const { system } = await probeSystem(() => Promise.resolve(""));
  const program: Program = ({ env }) => ({
    name: "probe",
    run: async (context: Context) => {
      const wait = (ms: number): Promise<void> => env.timers.sleep(ms, context.signal);
      answers.push(...(await act(cloud.connect(env), wait)));
      await wait(1e9);
    },
  });
  const { state } = await runWith({ ...system, processes: [{ name: "probe", program }] }, taken);
  return { answers, all: cloud.all(state).map(({ id }) => id) };
}

const CREATE = "external: probe: machine create";
const FATES: Readonly<Record<string, Told>> = {
  "": { answers: ["machine-1"], all: ["machine-1"] },
  "crash before effect": { answers: ["machine-1"], all: ["machine-1"] },
  // The life after that makes another one.
  "crash after effect": { answers: ["machine-2"], all: ["machine-1", "machine-2"] },
  "lost before effect": { answers: [0], all: [] },
  "lost after effect": { answers: [0], all: ["machine-1"] },
  "too many requests": { answers: [429], all: [] },
  fails: { answers: [500], all: [] },
  slow: { answers: ["machine-1"], all: ["machine-1"] },
};

for (const [fate, told] of Object.entries(FATES)) {
  test(`${fate || "no fault"}: what the caller hears, and what there is`, async () => {
    const once = (cloud: ExternalClient<Machine>) =>
      cloud.create({ owner: "a" }).then(
        ({ id }) => [id],
        (error: unknown) => [codeOf(error)],
      );
    expect(await asked(once, fate === "" ? {} : { [CREATE]: fate })).toEqual(told);
  });
}

test("reads may be behind writes, for a while", async () => {
  const { answers } = await asked(
    async (cloud, wait) => {
      const { id } = await cloud.create({ owner: "a" });
      const [soon, list] = [await cloud.get(id), await cloud.list()];
      await wait(2_000);
      return [soon, list, await cloud.get(id)];
    },
    {
      "external: probe: machine get machine-1": "2s behind",
      "external: probe: machine list": "60s behind",
      "external: probe: machine get machine-1#2": "2s behind",
    },
  );
  expect(answers).toEqual([undefined, [], { id: "machine-1", value: { owner: "a" } }]);
});

test("a token makes one thing; what is not there cannot be changed or deleted", async () => {
  const { answers, all } = await asked(async (cloud) => {
    const [a, b] = [1, 2].map(() => cloud.create({ owner: "a" }, { token: "t" }));
    const ids = [(await a)?.id, (await b)?.id];
    await cloud.update("machine-1", { owner: "b" });
    const changed = await cloud.get("machine-1");
    const failed = await cloud.update("machine-9", { owner: "" }).catch(codeOf);
    await cloud.delete("machine-1");
    return [...ids, changed?.value.owner, failed, await cloud.delete("machine-1").catch(codeOf)];
  });
  expect(answers).toEqual(["machine-1", "machine-1", "b", 404, 404]);
  expect(all).toEqual([]);
});

test("more calls than a second allows are told so", async () => {
  const { answers } = await asked(async (cloud, wait) => {
    const calls = Array.from({ length: 25 }, () => cloud.list().then(() => 200, codeOf));
    const first = await Promise.all(calls);
    await wait(1_000);
    return [...first, await cloud.list().then(() => 200, codeOf)];
  });
  expect(answers.filter((code) => code === 429)).toHaveLength(5);
  expect(answers.at(-1)).toBe(200);
});

test("outside of a simulation there is no such service", () => {
  const cloud = externalService<Machine>("machine");
  expect(() => cloud.connect(virtualEnv())).toThrow("this is no env of a simulated process");
});

/** A machine for each config map that asks for one; `token` of the creation, if there is one. */
function machines(token: (uid: string) => string | undefined): SimulateOptions {
  const cloud = externalService<Machine>("machine");
  const controllers: readonly MakeController[] = [
    (deps) => {
      const client = cloud.connect(deps.env);
      const ensured = async (uid: string): Promise<string> => {
        const known = token(uid);
        const options = known === undefined ? {} : { token: known };
        if (known !== undefined) return (await client.create({ owner: uid }, options)).id;
        const found = (await client.list()).find(({ value }) => value.owner === uid);
        return (found ?? (await client.create({ owner: uid }))).id;
      };
      const made = controller(ConfigMap, {
        name: "machines",
        async reconcile({ metadata: { uid = "", labels } }, ctx) {
          if (labels?.["machine"] === "yes") await ensured(uid);
          return ctx.done();
        },
        async finalize({ metadata: { uid = "", labels } }, ctx) {
          if (labels?.["machine"] !== "yes") return ctx.done();
          const id = await ensured(uid);
          await client.delete(id).catch((error: unknown) => {
            if (codeOf(error) !== 404) throw error;
          });
          return ctx.done();
        },
      });
      return made(deps);
    },
  ];
  const metadata = { name: "a", labels: { machine: "yes" } };
  return {
    controllers,
    scenario: [create(ConfigMap, { metadata }), remove(ConfigMap, "a")],
    invariants: [
      eventually("one machine for each that is wanted", (state) => {
        const wanted = state.get(ConfigMap, "a") === undefined ? 0 : 1;
        const there = cloud.all(state).length;
        return there === wanted || `${there} machines, ${wanted} wanted`;
      }),
    ],
    faults: ["external"],
    hasNodes: false,
    tapes: "",
    runs: 30,
  };
}

test("who looks whether it has made something and makes it is found out", async () => {
  const options = machines(() => undefined);
  const error = await simulate(options).catch((failure: unknown) => failure);
  if (!(error instanceof SimulationError)) throw error;
  expect(Object.values(error.tape.taken).some((taken) => taken.includes("behind"))).toBe(true);
}, 60_000);

test("who gives the service a token of its own for each thing holds out", async () => {
  expect((await simulate(machines((uid) => uid))).runs).toBe(30);
}, 60_000);

test("a story tells what a service was asked, by whom, and what it gave", async () => {
  const cloud = externalService<Machine>("machine");
  const forgetful: MakeController = (deps) => {
    const client = cloud.connect(deps.env);
    const made = controller(ConfigMap, {
      name: "forgetful",
      async reconcile(_map, ctx) {
        await client.create({ owner: "a" });
        return ctx.done();
      },
    });
    return made(deps);
  };
  const taken = { "external: controllers: machine create": "lost after effect" };
  const simulated = simulate({
    controllers: [forgetful],
    scenario: [create(ConfigMap, { metadata: { name: "a" } })],
    invariants: [eventually("one machine", (state) => cloud.all(state).length < 2)],
    tape: { seed: 1, operations: ["create ConfigMap a"], taken },
    tapes: "",
  });
  const { message } = await simulated.catch((failure: Error) => failure).then(errorOf);
  expect(message).toContain(
    'controllers\'s call "create" to service machine: it has its effect, but the answer is lost',
  );
  expect(message).toMatch(/asks service machine to create: machine-1, but the answer is lost$/m);
  expect(message).toMatch(/asks service machine to create: machine-2$/m);
});

function errorOf(value: unknown): Error {
  if (value instanceof SimulationError) return value;
  throw new Error("it held out");
}
