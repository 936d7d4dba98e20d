import { beforeAll, expect, test } from "vitest";
import { ConfigMap } from "../../client/builtin.ts";
import { admission, type AdmissionOptions } from "../../controller-runtime/webhooks/admission.ts";
import { always, eventually } from "../oracles/invariants.ts";
import { SimulationError } from "../report/simulation-error.ts";
import { buildBase } from "../scenario/build-system.ts";
import { change, create } from "../scenario/operation.ts";
import { simulate, type SimulateOptions } from "../simulate.ts";
import { createA, probeSystem, runWith, storyOf } from "../testing/probe.ts";
import type { System } from "../world/run.ts";
import type { SimWebhook } from "./webhooks.ts";

const PATH = "/mutate--v1-configmap";

type Options = AdmissionOptions<ConfigMap>;

/** Counts how often it was asked in the object itself: not as one should. */
function counting(options: Options = {}): SimWebhook {
  return admission(ConfigMap, {
    default: (map) => {
      const count = String(Number(map.data?.["count"] ?? "0") + 1);
      return { ...map, data: { ...map.data, count } };
    },
    ...options,
  });
}

let told: string[];
let base: System;

beforeAll(async () => {
  ({ system: base, told } = await probeSystem(createA));
});

async function systemOf(options: Options): Promise<System> {
  const webhooks = [counting(options)];
  return { ...base, base: await buildBase({ kinds: [], given: [], webhooks }), webhooks };
}

type Case = {
  readonly fate: string;
  readonly told: RegExp;
  /** What is in the object; undefined: there is none. */
  readonly count: string | undefined;
  /** When it was made. */
  readonly atMs?: number;
};

const CASES: readonly Case[] = [
  { fate: "", told: /^made$/, count: "1", atMs: 0 },
  { fate: "slow", told: /^made$/, count: "1", atMs: 3_000 },
  { fate: "too late", told: /context deadline exceeded/, count: undefined },
  { fate: "fails", told: /the simulated webhook has failed/, count: undefined },
  { fate: "refused", told: /connection refused/, count: undefined },
  { fate: "called twice", told: /^made$/, count: "2", atMs: 0 },
];

for (const { fate, count, atMs, ...expected } of CASES) {
  test(`${fate || "no fault"}: the caller is told, and the object is as it then is`, async () => {
    told.length = 0;
    const system = await systemOf({ reinvocationPolicy: "IfNeeded" });
    const about = `webhook: ${PATH}: create default/a by probe`;
    const result = await runWith(system, fate === "" ? {} : { [about]: fate });
    expect(told).toEqual([expect.stringMatching(expected.told)]);
    expect(result.state.get(ConfigMap, "a")?.data?.["count"]).toBe(count);
    const made = result.events.find(({ what }) => what.startsWith("create configmaps default/a"));
    expect(made?.atMs).toBe(atMs);
    expect([...result.taken.keys()]).toEqual(fate === "" ? [] : [about]);
  });
}

test("one that is never asked about its own answer is asked the same twice", async () => {
  const system = await systemOf({});
  const about = `webhook: ${PATH}: create default/a by probe`;
  const result = await runWith(system, { [about]: "called twice" });
  expect(result.state.get(ConfigMap, "a")?.data?.["count"]).toBe("1");
  expect(storyOf(result, /^webhooks: .* twice$/)).toHaveLength(1);
});

test("of what people do nothing is lost, unless the webhook may be passed over", async () => {
  const optionsOf = async (options: Options): Promise<readonly string[]> => {
    const operations = [create(ConfigMap, { metadata: { name: "b" } })];
    const { points } = await runWith({ ...(await systemOf(options)), operations }, {});
    return points.find(({ name }) => name.endsWith("default/b by user"))?.options ?? [];
  };
  expect(await optionsOf({})).toEqual(["", "slow", "called twice"]);
  expect(await optionsOf({ failurePolicy: "Ignore" })).toContain("fails");
});

const scenario = [
  create(ConfigMap, { metadata: { name: "a" } }),
  change(ConfigMap, "a", { data: { b: "2" } }),
];
const options: SimulateOptions = { scenario, faults: ["webhook"], tapes: "", runs: 40 };

/** What was not calm in the shortest story of a simulation that must fail. */
async function taken(more: Partial<SimulateOptions>): Promise<readonly string[]> {
  const error = await simulate({ ...options, ...more }).catch((failure: unknown) => failure);
  if (!(error instanceof SimulationError)) throw error;
  return Object.values(error.tape.taken);
}

/** Adds a line to a list, whether it is there or not. */
const appends = admission(ConfigMap, {
  reinvocationPolicy: "IfNeeded",
  operations: ["CREATE"],
  default: (map) => ({ ...map, data: { list: `${map.data?.["list"] ?? ""}sidecar;` } }),
});
const adds = admission(ConfigMap, {
  reinvocationPolicy: "IfNeeded",
  operations: ["CREATE"],
  default: (map) => {
    const { list = "" } = map.data ?? {};
    return list.includes("sidecar;") ? map : { ...map, data: { list: `${list}sidecar;` } };
  },
});
const onlyOnce = always("one sidecar at most", (state) => {
  const { list = "" } = state.get(ConfigMap, "a")?.data ?? {};
  return list.split("sidecar").length <= 2 || list;
});

test("a default that is not idempotent is found out, and one that is holds out", async () => {
  const invariants = [onlyOnce];
  expect(await taken({ webhooks: [appends], invariants })).toEqual(["called twice"]);
  expect((await simulate({ ...options, webhooks: [adds], invariants })).runs).toBe(40);
});

const labelled = eventually("each text has a label", (state) => {
  const map = state.get(ConfigMap, "a");
  return map === undefined || map.metadata.labels?.["team"] === "web";
});

const labels = (failurePolicy: "Fail" | "Ignore"): SimWebhook =>
  admission(ConfigMap, {
    failurePolicy,
    operations: ["CREATE"],
    default: ({ metadata, ...map }) => {
      return { ...map, metadata: { ...metadata, labels: { ...metadata.labels, team: "web" } } };
    },
  });

test("who counts on a webhook that may be passed over is found out", async () => {
  const invariants = [labelled];
  const [fate] = await taken({ webhooks: [labels("Ignore")], invariants });
  expect(["too late", "fails", "refused"]).toContain(fate);
  expect((await simulate({ ...options, webhooks: [labels("Fail")], invariants })).runs).toBe(40);
});
