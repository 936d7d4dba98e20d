/** Which controllers a control plane runs, and with what. */
import {
  ConfigMap,
  Deployment,
  EndpointSlice,
  EventObject,
  Lease,
  Namespace,
  Node,
  Pod,
  ReplicaSet,
  Secret,
  Service,
  ServiceAccount,
} from "../client/builtin.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { roleAggregationController } from "../controllers/cluster-role-aggregation/controller.ts";
import { deploymentController } from "../controllers/deployment/controller.ts";
import { endpointSliceController } from "../controllers/endpointslice/controller.ts";
import { garbageCollectorController } from "../controllers/garbage-collector/controller.ts";
import { namespaceController } from "../controllers/namespace/controller.ts";
import { nodeLifecycleController } from "../controllers/node-lifecycle/controller.ts";
import { podGcController } from "../controllers/node-lifecycle/pod-gc.ts";
import { taintEvictionController } from "../controllers/node-lifecycle/taint-eviction.ts";
import { replicaSetController } from "../controllers/replicaset/controller.ts";
import { rootCaPublisher } from "../controllers/serviceaccount/root-ca-publisher.ts";
import { serviceAccountController } from "../controllers/serviceaccount/controller.ts";
import type { ControllerDeps, ControllerSpec } from "../controller-runtime/controller-spec.ts";
import { createManager, type Manager } from "../controller-runtime/manager.ts";
import { createEventRecorder } from "../client/event-recorder.ts";
import type { Client } from "../client/client.ts";
import type { Env } from "../base/env.ts";
import type { Metrics } from "../base/metrics.ts";
import { createInformers } from "../informer/informers.ts";
import { createScheduler } from "../scheduler/scheduler.ts";
import type { QualifiedOptions } from "./options.ts";

/** Every kind that can own or be owned. */
const OWNED_KINDS: readonly ResourceType[] = [
  ConfigMap,
  Deployment,
  EndpointSlice,
  Lease,
  Namespace,
  Node,
  Pod,
  ReplicaSet,
  Secret,
  Service,
  ServiceAccount,
];

/** What a namespace's deletion empties. */
const NAMESPACED_KINDS: readonly ResourceType[] = [...OWNED_KINDS, EventObject].filter(
  (type) => type.isNamespaced,
);

export type ControllerManagerDeps = {
  readonly client: Client;
  readonly env: Env;
  readonly metrics: Metrics;
  /** PEM of the authority that signed the API server's certificate; undefined: not served. */
  readonly authorityPem: string | undefined;
};

/** A manager of all controllers and the scheduler; its `run()` is their life. */
export function createControllerManager(
  options: QualifiedOptions,
  deps: ControllerManagerDeps,
): Manager {
  const { client, env, metrics } = deps;
  const informers = createInformers({ client, env });
  const recorder = createEventRecorder({ client, env }, { component: "kube-controller-manager" });
  const schedulerEvents = createEventRecorder({ client, env }, { component: "default-scheduler" });
  return createManager({
    client,
    informers,
    recorder,
    env,
    metrics,
    controllers: makers(options, deps.authorityPem),
    runnables: [
      { name: "events of controllers", run: (context) => recorder.run(context) },
      { name: "events of the scheduler", run: (context) => schedulerEvents.run(context) },
      createScheduler({ client, informers, env, recorder: schedulerEvents }),
    ],
  });
}

function makers(
  options: QualifiedOptions,
  authorityPem: string | undefined,
): readonly ((deps: ControllerDeps) => ControllerSpec)[] {
  const timings = {
    monitorGraceMs: options.nodeMonitorGraceMs,
    monitorPeriodMs: options.nodeMonitorPeriodMs,
  };
  const publishers =
    authorityPem === undefined
      ? []
      : [(deps: ControllerDeps) => rootCaPublisher(deps, { authorityPem })];
  return [
    deploymentController,
    replicaSetController,
    endpointSliceController,
    (deps) => garbageCollectorController(deps, { types: OWNED_KINDS }),
    (deps) => namespaceController(deps, { types: NAMESPACED_KINDS }),
    serviceAccountController,
    ...publishers,
    (deps) => nodeLifecycleController(deps, timings),
    taintEvictionController,
    roleAggregationController,
    (deps) => podGcController(deps),
  ];
}
