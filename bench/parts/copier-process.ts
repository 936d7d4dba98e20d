/**
 * The process of `controller-rate.ts`: a controller that copies `data.asked` to `data.done`, by
 * this package or by hand over the official client's informer. Only what one side needs is loaded.
 */
import { answerTo, WORKERS } from "./copying.ts";

export type CopierSide = "setpoint" | "client-node";

/** What the process has used since it was last asked. */
export type CopierUse = { readonly cpuMs: number; readonly reconciles: number };

let reconciles = 0;

async function setpoint(kubeconfig: string, namespace: string): Promise<void> {
  const { clientFromKubeconfig } = await import("../../src/client/node/connect.ts");
  const { realEnv } = await import("../../src/base/real/env.ts");
  const { copierManager } = await import("./copier-manager.ts");
  const env = realEnv({ level: "warn" });
  const client = await clientFromKubeconfig({ path: kubeconfig, env });
  const manager = copierManager({ client, env, namespace }, () => {
    reconciles += 1;
  });
  void manager.run(new AbortController().signal);
  while (!manager.readyz().isOk) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** What one writes over `makeInformer`: a queue without doubles, workers, delays after errors. */
async function clientNode(kubeconfig: string, namespace: string): Promise<void> {
  const { CoreV1Api, KubeConfig, makeInformer, PatchStrategy, setHeaderOptions } =
    await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const informer = makeInformer(config, path, () => api.listNamespacedConfigMap({ namespace }));
  const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

  const waiting = new Set<string>();
  const active = new Set<string>();
  const failures = new Map<string, number>();
  const reconcile = async (name: string): Promise<void> => {
    reconciles += 1;
    const done = answerTo(informer.get(name, namespace)?.data);
    if (done === undefined) return;
    await api.patchNamespacedConfigMap({ name, namespace, body: { data: { done } } }, merge);
  };
  const work = async (name: string): Promise<void> => {
    active.add(name);
    try {
      await reconcile(name);
      failures.delete(name);
    } catch {
      const count = failures.get(name) ?? 0;
      failures.set(name, count + 1);
      setTimeout(() => add(name), Math.min(5 * 2 ** count, 60_000));
    } finally {
      active.delete(name);
      next();
    }
  };
  const next = (): void => {
    for (const name of waiting) {
      if (active.size >= WORKERS) return;
      if (active.has(name)) continue;
      waiting.delete(name);
      void work(name);
    }
  };
  const add = (name = ""): void => {
    waiting.add(name);
    next();
  };
  informer.on("add", ({ metadata }) => add(metadata?.name));
  informer.on("update", ({ metadata }) => add(metadata?.name));
  informer.on("delete", ({ metadata }) => add(metadata?.name));
  informer.on("error", (error: unknown) => {
    console.error("client-node's informer has stopped and is started again", error);
    setTimeout(() => void informer.start(), 5_000);
  });
  await informer.start();
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const [side, kubeconfig = "", namespace = ""] = process.argv.slice(2);
if (side === "setpoint" || side === "client-node") {
  await (side === "setpoint" ? setpoint : clientNode)(kubeconfig, namespace);
  let since = { cpuMs: cpuMs(), reconciles };
  process.on("message", () => {
    const now = { cpuMs: cpuMs(), reconciles };
    const use: CopierUse = {
      cpuMs: now.cpuMs - since.cpuMs,
      reconciles: now.reconciles - since.reconciles,
    };
    since = now;
    process.send?.(use);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.("ready");
}
