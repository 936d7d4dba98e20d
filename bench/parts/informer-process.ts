/**
 * The process of `informer-versus-client-node.ts`: an informer of pods on one side or the other,
 * and a handler that notes when it is told of what. Only what one side needs is loaded.
 */
import { machineMs } from "./clock.ts";
import { memoryUse, type MemoryUse } from "./memory.ts";

/** `kept`: as `setpoint`, with `metadata.managedFields`. */
export type Side = "setpoint" | "kept" | "client-node";

/** When a write was sent, by the machine's clock; the writer puts it into the object. */
export const SENT_ANNOTATION = "bench.setpoint.dev/sent";

export type Synced = {
  /** From the start of the informer until its handler had been told of every object. */
  readonly syncMs: number;
  readonly syncCpuMs: number;
  readonly before: MemoryUse;
  readonly after: MemoryUse;
};

export type Observed = {
  /** From before the write until the handler was told. */
  readonly latenciesMs: readonly number[];
  readonly cpuMs: number;
};

/** What a handler looks at. */
type Told = { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };

type Watched = {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly tell: (object: Told) => void;
};

type Start = () => void;

async function setpoint(what: Watched, isKept: boolean): Promise<Start> {
  const { clientFromKubeconfig } = await import("../../src/client/node/connect.ts");
  const { createInformers } = await import("../../src/informer/informers.ts");
  const { realEnv } = await import("../../src/base/real/env.ts");
  const { rootContext } = await import("../../src/base/context.ts");
  const { Pod } = await import("../../src/client/builtin.ts");
  const env = realEnv({ level: "warn" });
  const client = await clientFromKubeconfig({ path: what.kubeconfig, env });
  const scopeOf = () => ({ namespace: what.namespace });
  const informers = createInformers({ client, env }, { scopeOf, keepsManagedFields: () => isKept });
  return () => {
    informers.for(Pod).addListener(({ object }) => what.tell(object));
    void informers.run(rootContext(env, new AbortController().signal));
  };
}

async function clientNode(what: Watched): Promise<Start> {
  const { CoreV1Api, KubeConfig, makeInformer } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromFile(what.kubeconfig);
  const { namespace } = what;
  const api = config.makeApiClient(CoreV1Api);
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const informer = makeInformer(config, path, () => api.listNamespacedPod({ namespace }));
  informer.on("add", what.tell);
  informer.on("update", what.tell);
  informer.on("delete", what.tell);
  informer.on("error", (error: unknown) => {
    console.error("client-node's informer has stopped and is started again", error);
    setTimeout(() => void informer.start(), 5_000);
  });
  return () => void informer.start();
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

async function main(side: Side, kubeconfig: string, namespace: string, count: number) {
  let told = 0;
  let synced: () => void = () => undefined;
  let latenciesMs: number[] = [];
  const tell = (object: Told): void => {
    told += 1;
    if (told < count) return;
    if (told === count) return synced();
    const sent = object.metadata?.annotations?.[SENT_ANNOTATION];
    if (sent !== undefined) latenciesMs.push(machineMs() - Number(sent));
  };
  const watched = { kubeconfig, namespace, tell };
  const start =
    side === "client-node" ? await clientNode(watched) : await setpoint(watched, side === "kept");
  const before = await memoryUse();
  const startMs = machineMs();
  const startCpuMs = cpuMs();
  await new Promise<void>((resolve) => {
    synced = resolve;
    start();
  });
  const [syncMs, syncCpuMs] = [machineMs() - startMs, cpuMs() - startCpuMs];
  await new Promise((resolve) => setTimeout(resolve, 300)); // the watch that follows a list
  const state: Synced = { syncMs, syncCpuMs, before, after: await memoryUse() };
  let sinceCpuMs = cpuMs();
  process.on("message", (question) => {
    if (question === "begin") {
      latenciesMs = [];
      sinceCpuMs = cpuMs();
      process.send?.("begun");
    } else {
      const observed: Observed = { latenciesMs, cpuMs: cpuMs() - sinceCpuMs };
      process.send?.(observed);
    }
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.(state);
}

const [side = "", kubeconfig = "", namespace = "", count = ""] = process.argv.slice(2);
if (side === "setpoint" || side === "kept" || side === "client-node") {
  await main(side, kubeconfig, namespace, Number(count));
}
