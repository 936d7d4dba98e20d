/**
 * What a manager counts of itself, under the names that Kubernetes' own components made known: who
 * leads, which controllers run, and how its health checks went. All that has a fixed set of series
 * is there, as 0, before anything happens.
 */
import type { Metrics } from "../../base/metrics.ts";
import type { Health } from "./health.ts";

/** The label `manager`: as the default component of its events. */
const MANAGER = "controller-manager";

/** Which probe a health check belongs to. */
export type ProbeKind = "healthz" | "readyz";

export type ManagerMetrics = {
  readonly leads: () => void;
  readonly leadsNoMore: () => void;
  readonly starts: (controller: string) => void;
  readonly ended: (controller: string) => void;
  /** Counts the checks of an answer, and returns it. */
  readonly checked: (probe: ProbeKind, health: Health) => Health;
};

/** `lease`: what leadership is about; undefined if nobody else can lead. */
export function managerMetrics(
  metrics: Metrics,
  { lease, controllers }: { readonly lease?: string; readonly controllers: readonly string[] },
): ManagerMetrics {
  const running = metrics.gauge(
    "running_managed_controllers",
    "1 for each controller that runs in this process",
  );
  const runs = (name: string, value: number): void =>
    running.set({ name, manager: MANAGER }, value);
  for (const name of controllers) runs(name, 0);
  const lead = leadership(metrics, lease);
  lead(0);
  return {
    leads: () => lead(1),
    leadsNoMore: () => lead(0),
    starts: (controller) => runs(controller, 1),
    ended: (controller) => runs(controller, 0),
    checked: checks(metrics),
  };
}

function leadership(metrics: Metrics, name: string | undefined): (value: number) => void {
  if (name === undefined) return () => undefined;
  const status = metrics.gauge(
    "leader_election_master_status",
    "1 while this process leads, 0 while it waits",
  );
  return (value) => status.set({ name }, value);
}

/** Checks come and go with their controllers and views: those that have gone show no result. */
function checks(metrics: Metrics): ManagerMetrics["checked"] {
  const result = metrics.gauge("kubernetes_healthcheck", "1 if the check was ok when last asked");
  const total = metrics.counter("kubernetes_healthchecks_total", "Answers of checks by status");
  const shown: Record<ProbeKind, ReadonlySet<string>> = { healthz: new Set(), readyz: new Set() };
  return (type, health) => {
    const names = new Set(health.checks.map(({ name }) => name));
    for (const name of shown[type]) if (!names.has(name)) result.remove({ name, type });
    shown[type] = names;
    for (const { name, isOk } of health.checks) {
      result.set({ name, type }, isOk ? 1 : 0);
      total.add({ name, type, status: isOk ? "success" : "error" });
    }
    return health;
  };
}
