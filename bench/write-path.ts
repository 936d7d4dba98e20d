/** See the question below. Every figure is the median of the rounds, with their extremes. */
import { NO_CAUSE, type Context } from "../src/base/context.ts";
import { realEnv } from "../src/base/real/env.ts";
import { BUILT_IN } from "../src/apis/registry.ts";
import { Deployment, Namespace, Pod, ServiceAccount } from "../src/client/builtin.ts";
import type { Client } from "../src/client/client.ts";
import { inProcessTransport } from "../src/client/in-process.ts";
import { RestClient } from "../src/client/rest-client.ts";
import { MASTERS_GROUP } from "../src/machinery/request.ts";
import { serviceUnavailable } from "../src/machinery/status.ts";
import { createServer } from "../src/server/create-server.ts";
import { openMemoryStore } from "../src/store/memory-store.ts";
import { aDeployment, aNamespace, aPod, theServiceAccount } from "./parts/objects.ts";
import { IS_SMOKE, printQuestion, printTable, spread } from "./parts/report.ts";

const ROUNDS = IS_SMOKE ? 1 : 15;
const WARM_UP_ROUNDS = IS_SMOKE ? 0 : 5;
const CALLS = IS_SMOKE ? 3 : 200;

const USER = { name: "system:serviceaccount:kube-system:bench", groups: [MASTERS_GROUP] };
const KEY = (index: number): { namespace: string; name: string } => {
  return { namespace: "default", name: `web-${index}` };
};

type Call = (index: number) => Promise<unknown>;

/** The calls of one round, in their order: each finds what those before it left. */
function callsOf(client: Client, context: Context): Readonly<Record<string, Call>> {
  const deployments = new Map<number, Deployment>();
  return {
    "create pod": (index) => client.create(Pod, aPod(`web-${index}`), context),
    "create deployment": async (index) => {
      const made = await client.create(Deployment, aDeployment(`web-${index}`, 3), context);
      deployments.set(index, made);
    },
    get: (index) => client.get(Deployment, KEY(index), context),
    "update status": async (index) => {
      const made = deployments.get(index) ?? aDeployment(`web-${index}`, 3);
      const status = { observedGeneration: 1, replicas: 3, conditions: [condition("False")] };
      await client.updateStatus(Deployment, { ...made, status }, context);
    },
    "merge patch of status": (index) => {
      const patch = { status: { readyReplicas: 3, conditions: [condition("True")] } };
      const subresource = { subresource: "status" } as const;
      return client.patch(Deployment, KEY(index), { kind: "merge", patch }, context, subresource);
    },
    "server-side apply": (index) => {
      const type = { apiVersion: "apps/v1", kind: "Deployment" };
      const object = { ...type, metadata: { name: `web-${index}` }, spec: { replicas: 5 } };
      const patch = { kind: "apply", object, isForced: true } as const;
      return client.patch(Deployment, KEY(index), patch, context, { fieldManager: "applier" });
    },
    "delete pod": (index) => client.delete(Pod, KEY(index), context, { gracePeriodSeconds: 0 }),
    "delete deployment": (index) => client.delete(Deployment, KEY(index), context),
  };
}

function condition(status: string): NonNullable<Deployment["status"]["conditions"]>[number] {
  const reason = "MinimumReplicasAvailable";
  const [lastUpdateTime, lastTransitionTime] = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"];
  return { type: "Available", status, reason, message: "", lastUpdateTime, lastTransitionTime };
}

/** CPU of this process, in microseconds, for each call of `call`. */
async function cpuUsOf(call: Call): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < CALLS; index += 1) await call(index);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
}

printQuestion(
  "How much CPU does each kind of request cost, in the same process and with objects in memory?",
  [
    `${CALLS} calls of a kind one after another, then those of the next: the client makes the`,
    "request, the server answers it, and the client hands out the answer. No events are watched.",
    `${ROUNDS} rounds after ${WARM_UP_ROUNDS} that do not count.`,
  ],
);

const env = realEnv({ level: "warn" });
const store = await openMemoryStore(env);
const nodeLogs = { open: () => Promise.reject(serviceUnavailable("there are no nodes")) };
const server = createServer({ env, store, strategies: BUILT_IN, nodeLogs });
const transport = inProcessTransport({ dispatch: server.dispatch, user: USER });
const client = new RestClient({ transport, env });
const context: Context = { signal: new AbortController().signal, cause: NO_CAUSE, log: env.log };
await client.create(Namespace, aNamespace("default"), context);
await client.create(ServiceAccount, theServiceAccount(), context);

const calls = Object.entries(callsOf(client, context));
const figures = new Map(calls.map(([name]) => [name, [] as number[]]));
for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
  for (const [name, call] of calls) {
    const cpuUs = await cpuUsOf(call);
    if (round >= 0) figures.get(name)?.push(cpuUs);
  }
}
await store.close();
printTable("CPU of each request, in microseconds", [
  ["", "µs"],
  ...calls.map(([name]) => [name, spread(figures.get(name) ?? [])]),
]);
