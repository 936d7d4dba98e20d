/** Every metric there is, as scrapers see it: with this name, this type and these labels. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { createMetrics } from "../base/metrics.ts";
import { realEnv } from "../base/real/env.ts";
import { realProcess } from "../base/real/process-figures.ts";
import { runProgram } from "../base/real/run-program.ts";
import { Pod } from "../client/builtin.ts";
import { countedTransport } from "../client/http/counted-transport.ts";
import { countedRun } from "../client/node/counted-run.ts";
import { defineResource } from "../client/resource/define-resource.ts";
import { installDefinitions } from "../client/resource/install-definitions.ts";
import { RestClient } from "../client/rest-client.ts";
import { controller } from "../controller-runtime/declared/controller.ts";
import { serveProbes, type ProbeServer } from "../controller-runtime/http/probe-server.ts";
import { createManager, type Manager } from "../controller-runtime/manager/manager.ts";
import { createFleetManager } from "../controller-runtime/multi-cluster/fleet-manager.ts";
import { admission } from "../controller-runtime/webhooks/admission.ts";
import { nodeMetrics } from "../node-agent/http/node-metrics.ts";
import { createControlPlane, type ControlPlane } from "./control-plane.ts";

/** Of a manager that has everything switched on: name, type, labels. */
const OF_MANAGERS = `
controller_runtime_reconcile_total counter controller result
controller_runtime_reconcile_errors_total counter controller
controller_runtime_terminal_reconcile_errors_total counter controller
controller_runtime_reconcile_panics_total counter controller
controller_runtime_reconcile_timeouts_total counter controller
controller_runtime_reconcile_time_seconds histogram controller
controller_runtime_max_concurrent_reconciles gauge controller
controller_runtime_active_workers gauge controller
controller_runtime_reconcile_loops_total counter controller kind
controller_runtime_slowed_keys gauge controller
workqueue_depth gauge controller name priority
workqueue_adds_total counter controller name
workqueue_retries_total counter controller name
workqueue_queue_duration_seconds histogram controller name
workqueue_work_duration_seconds histogram controller name
workqueue_unfinished_work_seconds gauge controller name
workqueue_longest_running_processor_seconds gauge controller name
rest_client_requests_total counter code host method
rest_client_request_duration_seconds histogram host verb
rest_client_dns_resolution_duration_seconds histogram host
rest_client_request_size_bytes histogram host verb
rest_client_response_size_bytes histogram host verb
rest_client_request_retries_total counter code host verb
rest_client_exec_plugin_call_total counter call_status code
leader_election_master_status gauge name
leader_election_slowpath_total counter name
running_managed_controllers gauge manager name
kubernetes_healthcheck gauge name type
kubernetes_healthchecks_total counter name status type
controller_runtime_webhook_latency_seconds histogram webhook
controller_runtime_webhook_requests_total counter code webhook
controller_runtime_webhook_requests_in_flight gauge webhook
controller_runtime_webhook_panics_total counter
controller_runtime_conversion_webhook_panics_total counter
certwatcher_read_certificate_total counter
certwatcher_read_certificate_errors_total counter
informer_store_resource_version gauge group name resource version
setpoint_informer_revisions_behind gauge group name resource version
setpoint_informer_silent_seconds gauge group name resource version
setpoint_informer_objects gauge group name resource version
setpoint_informer_bytes gauge group name resource version
process_cpu_seconds_total counter
process_cpu_user_seconds_total counter
process_cpu_system_seconds_total counter
process_resident_memory_bytes gauge
process_heap_bytes gauge
process_virtual_memory_bytes gauge
process_virtual_memory_max_bytes gauge
process_open_fds gauge
process_max_fds gauge
process_network_receive_bytes_total counter
process_network_transmit_bytes_total counter
process_start_time_seconds gauge
nodejs_version_info gauge major minor patch version
nodejs_heap_size_total_bytes gauge
nodejs_heap_size_used_bytes gauge
nodejs_external_memory_bytes gauge
nodejs_heap_space_size_total_bytes gauge space
nodejs_heap_space_size_used_bytes gauge space
nodejs_heap_space_size_available_bytes gauge space
nodejs_gc_duration_seconds histogram kind
nodejs_eventloop_lag_seconds gauge
nodejs_eventloop_lag_min_seconds gauge
nodejs_eventloop_lag_max_seconds gauge
nodejs_eventloop_lag_mean_seconds gauge
nodejs_eventloop_lag_stddev_seconds gauge
nodejs_eventloop_lag_p50_seconds gauge
nodejs_eventloop_lag_p90_seconds gauge
nodejs_eventloop_lag_p99_seconds gauge
nodejs_eventloop_utilization gauge
nodejs_active_resources gauge type
nodejs_active_resources_total gauge
`;

/** Besides those, of processes that share keys, of fleets, servers and nodes. */
const OF_OTHERS = `
setpoint_shard_members gauge group
setpoint_shard_changes_total counter group
setpoint_shard_revoked_total counter group
setpoint_shard_refused_writes_total counter group
setpoint_fleet_clusters gauge state
apiserver_request_total counter code group resource subresource verb version
apiserver_request_duration_seconds histogram group resource subresource verb version
apiserver_current_inflight_requests gauge request_kind
apiserver_longrunning_requests gauge group resource subresource verb version
setpoint_store_revision gauge
setpoint_store_compacted_revision gauge
setpoint_store_keys gauge
setpoint_node_info gauge node runtime tier
setpoint_node_pods gauge phase
setpoint_node_container_restarts gauge
`;

/** Those of which there may be no series until something happens. */
const RARE = new Set([
  "rest_client_request_retries_total",
  "nodejs_gc_duration_seconds",
  "setpoint_node_pods",
]);

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ replicas: z.int().default(1) }),
});

const sites = controller(Site, { reconcile: (_, ctx) => Promise.resolve(ctx.done()) });

const env = realEnv({ level: "silent" });
const metrics = createMetrics();
const stop = new AbortController();
const TOKEN = { token: "admin-token", name: "admin", groups: ["system:masters"] };
let plane: ControlPlane;
let manager: Manager;
let running: Promise<void>;
let server: ProbeServer;
let client: RestClient;

beforeAll(async () => {
  plane = await createControlPlane({ env, hasControllers: false, serve: { tokens: [TOKEN] } });
  await installDefinitions([Site], plane.client, plane.context);
  const { port } = new URL(plane.serving().url);
  const connection = {
    server: `https://localhost:${port}`,
    isUnverified: true,
    token: () => Promise.resolve(TOKEN.token),
  };
  client = new RestClient({
    transport: countedTransport(connection, { metrics, clientMetrics: "all" }, env),
    env,
  });
  await countedRun(
    runProgram,
    metrics,
  )({
    command: "true",
    args: [],
    variables: {},
    timeoutMs: 10_000,
  });
  manager = createManager({
    client,
    env,
    metrics,
    controllers: [sites],
    leaderElection: { lease: { namespace: "default", name: "sites" } },
    webhooks: {
      handlers: [admission(Site, { validate: () => [] })],
      port: 0,
      host: "127.0.0.1",
      url: (at) => `https://127.0.0.1:${at}`,
    },
    processMetrics: realProcess(),
  });
  running = manager.run(stop.signal);
  server = await serveProbes(manager, { port: 0, host: "127.0.0.1" });
  const isReady = (): void => expect(manager.readyz()).toMatchObject({ isOk: true });
  await Promise.race([running, vi.waitFor(isReady, { timeout: 20_000 })]);
  const site = Site.create({ metadata: { name: "a", namespace: "default" }, spec: {} });
  await client.create(Site, site, plane.context);
});

afterAll(async () => {
  stop.abort();
  await running;
  await server.close();
  await plane.close();
});

async function scraped(accept = "text/plain"): Promise<string> {
  const url = `http://127.0.0.1:${server.port}/metrics`;
  return (await fetch(url, { headers: { accept } })).text();
}

/** `name type label label`, of a text in the format that every scraper reads. */
function described(text: string): ReadonlyMap<string, string> {
  const families = new Map<string, { readonly type: string; readonly labels: Set<string> }>();
  let current: { readonly type: string; readonly labels: Set<string> } | undefined;
  for (const line of text.split("\n")) {
    const [, name = "", type = ""] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== "") families.set(name, (current = { type, labels: new Set() }));
    if (line.startsWith("#")) continue;
    for (const [, label = ""] of line.matchAll(/[{,]([a-z_]+)="/g)) {
      if (label !== "le") current?.labels.add(label);
    }
  }
  return new Map(
    [...families].map(([name, { type, labels }]) => {
      return [name, [name, type, ...[...labels].sort()].join(" ")];
    }),
  );
}

function rows(list: string): readonly string[] {
  return list.trim().split("\n").sort();
}

const nameOf = (row: string): string => row.split(" ", 1)[0] ?? "";

/** Rows of what is there; those that are rare and have no series yet are taken on trust. */
function compared(text: string, list: string): readonly string[] {
  const expected = new Map(rows(list).map((row) => [nameOf(row), row]));
  return [...described(text).entries()]
    .map(([name, row]) => (RARE.has(name) ? (expected.get(name) ?? row) : row))
    .sort();
}

test("a running manager serves every metric of the list, and no other", async () => {
  expect(compared(await scraped(), OF_MANAGERS)).toEqual(rows(OF_MANAGERS));
});

test("as OpenMetrics it serves the same", async () => {
  const text = await scraped("application/openmetrics-text;version=1.0.0");
  expect(text.endsWith("\n# EOF\n")).toBe(true);
  const names = [...described(text)].map(([name, row]) => {
    return row.split(" ")[1] === "counter" ? `${name}_total` : name;
  });
  expect(names.sort()).toEqual(rows(OF_MANAGERS).map(nameOf));
});

test("servers, nodes, fleets and processes that share keys serve what is left", async () => {
  const shards = { lease: { namespace: "default", name: "sites" } };
  const sharded = createManager({ client, env, controllers: [sites], shards });
  const provider = { name: "none", run: () => Promise.resolve() };
  const fleet = createFleetManager({ provider, env });
  const { body } = await plane.client.request({ path: "/metrics" }, plane.context);
  const served = body.kind === "bytes" ? new TextDecoder().decode(body.bytes) : "";
  const runtime = { name: "process", version: "1", tier: "process" };
  const node = nodeMetrics("node-1", runtime, plane.informers.for(Pod).lister);
  const all = [sharded.metrics.text(), fleet.metrics.text(), served, node].join("");
  const ofManagers = new Set(rows(OF_MANAGERS).map(nameOf));
  const left = compared(all, OF_OTHERS).filter((row) => !ofManagers.has(nameOf(row)));
  expect(left).toEqual(rows(OF_OTHERS));
});

const DECADES = "1e-08 1e-07 1e-06 9.999999999999999e-06 9.999999999999999e-05";

test.each([
  ["controller_runtime_reconcile_time_seconds", "0.005 0.01 0.025 0.05 0.1 0.15 0.2 0.25", 40],
  ["workqueue_queue_duration_seconds", DECADES, 12],
  ["workqueue_work_duration_seconds", DECADES, 12],
  ["controller_runtime_webhook_latency_seconds", DECADES, 12],
  ["rest_client_request_duration_seconds", "0.005 0.025 0.1 0.25 0.5 1 2 4 8 15 30 60", 12],
  ["rest_client_dns_resolution_duration_seconds", "0.005 0.025 0.1 0.25 0.5 1 2 4 8 15 30 60", 12],
  ["rest_client_request_size_bytes", "64 256 512 1024 4096 16384 65536", 11],
  ["rest_client_response_size_bytes", "64 256 512 1024 4096 16384 65536", 11],
])("the buckets of %s are upstream's", async (name, first, count) => {
  const lines = (await scraped()).split("\n");
  const bounds = lines
    .filter((line) => line.startsWith(`${name}_bucket{`))
    .map((line) => /le="([^"]+)"/.exec(line)?.[1] ?? "");
  const series = bounds.slice(0, bounds.indexOf("+Inf"));
  expect(series.join(" ").startsWith(first)).toBe(true);
  expect(series).toHaveLength(count);
});

test("docs/reference/metrics.md lists them all, and nothing else", () => {
  const text = readFileSync(new URL("../../docs/reference/metrics.md", import.meta.url), "utf8");
  const listed = text.split("\n").flatMap((line) => {
    const [, name, type, labels = ""] = /^\| `(\w+)`\s*\| (\w+)\s*\|([^|]*)\|/.exec(line) ?? [];
    if (name === undefined) return [];
    const named = [...labels.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label).sort();
    return [[name, type, ...named].join(" ")];
  });
  expect(listed.sort()).toEqual([...rows(OF_MANAGERS), ...rows(OF_OTHERS)].sort());
});
