/** Which controllers a control plane runs, and with what. */
import { metadataReader, type MetadataReader } from "../client/metadata-reader.ts";
import type { RestClient } from "../client/rest-client.ts";
import { scaleReader, type ReadScale } from "../client/scales.ts";
import { ServedKinds } from "../client/served-kinds.ts";
import type { Transport } from "../client/transport.ts";
import { roleAggregationController } from "../controllers/cluster-role-aggregation/controller.ts";
import { deploymentController } from "../controllers/deployment/controller.ts";
import { disruptionController } from "../controllers/disruption/controller.ts";
import { staleTargetController } from "../controllers/disruption/stale-target.ts";
import { endpointsController } from "../controllers/endpointslice/endpoints-controller.ts";
import { endpointsMirrorController } from "../controllers/endpointslice/mirror-controller.ts";
import { endpointSliceController } from "../controllers/endpointslice/controller.ts";
import { garbageCollectorController } from "../controllers/garbage-collector/controller.ts";
import { namespaceController } from "../controllers/namespace/controller.ts";
import { nodeLifecycleController } from "../controllers/node-lifecycle/controller.ts";
import { podGcController } from "../controllers/node-lifecycle/pod-gc.ts";
import { taintEvictionController } from "../controllers/node-lifecycle/taint-eviction.ts";
import { replicaSetController } from "../controllers/replicaset/controller.ts";
import { resourceQuotaController } from "../controllers/resourcequota/controller.ts";
import { rootCaPublisher } from "../controllers/serviceaccount/root-ca-publisher.ts";
import { serviceAccountController } from "../controllers/serviceaccount/controller.ts";
import { tokenController, type SignToken } from "../controllers/serviceaccount/token-controller.ts";
import { attributesClassProtectionController } from "../controllers/storage-protection/classes.ts";
import { claimProtectionController } from "../controllers/storage-protection/claims.ts";
import { volumeProtectionController } from "../controllers/storage-protection/volumes.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../controller-runtime/controller/controller-spec.ts";
import { createManager, type Manager } from "../controller-runtime/manager/manager.ts";
import { tracedClient } from "../controller-runtime/tracing/traced-client.ts";
import { createEventRecorder, type RunningEventRecorder } from "../client/event-recorder.ts";
import type { Env } from "../base/env.ts";
import type { Metrics } from "../base/metrics.ts";
import { createInformers, type Informers } from "../informer/informers.ts";
import { ServedKindInformers } from "../informer/kind-informers.ts";
import type { ReconcileLog } from "../trace/reconcile-record.ts";
import { createScheduler } from "../scheduler/scheduler.ts";
import type { QualifiedOptions } from "./options.ts";

export type ControllerManagerDeps = {
  readonly client: RestClient;
  /** What `client` sends through. */
  readonly transport: Transport;
  readonly env: Env;
  readonly metrics: Metrics;
  /** PEM of the authority that signed the API server's certificate; undefined: not served. */
  readonly authorityPem: string | undefined;
  readonly signToken: SignToken;
  /** Undefined: what reconciles did is not kept. */
  readonly reconcileLog: ReconcileLog | undefined;
};

/** A manager of all controllers and the scheduler; its `run()` is their life. */
export function createControllerManager(
  options: Omit<QualifiedOptions, "store">,
  deps: ControllerManagerDeps,
): Manager {
  const { client, env, metrics, reconcileLog } = deps;
  const { tracing } = options;
  const informers = createInformers({ client, env, metrics }, { name: "kube-controller-manager" });
  const recorder = createEventRecorder({ client, env }, { component: "kube-controller-manager" });
  const schedulerEvents = createEventRecorder({ client, env }, { component: "default-scheduler" });
  const everyKind = createEveryKind(deps, informers);
  return createManager({
    client,
    informers,
    recorder,
    env,
    metrics,
    ...(reconcileLog === undefined ? {} : { reconcileLog }),
    ...(tracing === undefined ? {} : { tracer: tracing }),
    controllers: makers(options, everyKind, { ...deps, recorder }),
    runnables: [
      { name: "every kind", run: (context) => everyKind.kinds.run(context) },
      { name: "events of controllers", run: (context) => recorder.run(context) },
      { name: "events of the scheduler", run: (context) => schedulerEvents.run(context) },
      createScheduler({
        client: tracing === undefined ? client : tracedClient(client, tracing),
        informers,
        env,
        recorder: schedulerEvents,
        ...(tracing === undefined ? {} : { tracing }),
      }),
    ],
  });
}

/** For controllers that care for objects of every kind, those of custom resources included. */
type EveryKind = {
  readonly served: ServedKinds;
  readonly kinds: ServedKindInformers;
  readonly reader: MetadataReader;
  readonly readScale: ReadScale;
};

function createEveryKind(deps: ControllerManagerDeps, shared: Informers): EveryKind {
  const { client, transport, env } = deps;
  const served = new ServedKinds({ client, env });
  const reader = metadataReader({ transport, env });
  return {
    served,
    reader,
    kinds: new ServedKindInformers({ served, reader, shared, env }),
    readScale: scaleReader({ client, served }),
  };
}

type Maker = (deps: ControllerDeps) => ControllerSpec;

function makers(
  options: Omit<QualifiedOptions, "store">,
  { served, kinds, reader, readScale }: EveryKind,
  given: Pick<ControllerManagerDeps, "authorityPem" | "signToken"> & {
    readonly recorder: RunningEventRecorder;
  },
): readonly Maker[] {
  const { authorityPem, signToken, recorder } = given;
  const timings = {
    monitorGraceMs: options.nodeMonitorGraceMs,
    monitorPeriodMs: options.nodeMonitorPeriodMs,
  };
  const publishers =
    authorityPem === undefined
      ? []
      : [(deps: ControllerDeps) => rootCaPublisher(deps, { authorityPem })];
  /** The controller, known by this name in the events it tells: tools know the names. */
  const speaking = (component: string, make: Maker): Maker => {
    return (deps) => make({ ...deps, recorder: recorder.as(component) });
  };
  return [
    speaking("deployment-controller", deploymentController),
    speaking("replicaset-controller", replicaSetController),
    speaking("endpoint-slice-controller", endpointSliceController),
    speaking("endpoint-controller", endpointsController),
    endpointsMirrorController,
    speaking("garbage-collector-controller", (deps) => garbageCollectorController(deps, { kinds })),
    (deps) =>
      namespaceController(deps, { kinds, reader, discover: (context) => served.look(context) }),
    serviceAccountController,
    (deps) => tokenController(deps, { authorityPem, signToken }),
    ...publishers,
    speaking("node-controller", (deps) => nodeLifecycleController(deps, timings)),
    speaking("taint-eviction-controller", taintEvictionController),
    speaking("controllermanager", (deps) => disruptionController(deps, { readScale })),
    staleTargetController,
    (deps) => resourceQuotaController(deps, { kinds }),
    roleAggregationController,
    claimProtectionController,
    volumeProtectionController,
    attributesClassProtectionController,
    (deps) => podGcController(deps),
  ];
}
