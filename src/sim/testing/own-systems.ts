/** Our own controllers as systems to simulate: what they are asked to do, and what must hold. */
import { createMetrics } from "../../base/metrics.ts";
import {
  ConfigMap,
  Deployment,
  EndpointSlice,
  Namespace,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ReplicaSet,
  ResourceQuota,
  Service,
} from "../../client/builtin.ts";
import { RestClient } from "../../client/rest-client.ts";
import { createControllerManager } from "../../control-plane/controllers.ts";
import { withDefaults } from "../../control-plane/options.ts";
import { deploymentController } from "../../controllers/deployment/controller.ts";
import { endpointsController } from "../../controllers/endpointslice/endpoints-controller.ts";
import { endpointSliceController } from "../../controllers/endpointslice/controller.ts";
import { replicaSetController } from "../../controllers/replicaset/controller.ts";
import { serviceAccountController } from "../../controllers/serviceaccount/controller.ts";
import { claimProtectionController } from "../../controllers/storage-protection/claims.ts";
import type { Program } from "../actors/process.ts";
import { always, eventually } from "../oracles/invariants.ts";
import { idempotent } from "../oracles/settled.ts";
import { noStaleDestruction } from "../oracles/stale-destruction.ts";
import { stopsCleanly } from "../oracles/stopping.ts";
import { change, create, remove } from "../scenario/operation.ts";
import type { SimulateOptions } from "../simulate.ts";
import type { State } from "../world/state.ts";

/** A system of ours, by name. */
export type OwnSystem = SimulateOptions & { readonly name: string };

const labels = { app: "web" };
const selector = { matchLabels: labels };
const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1" }] } };

const livePods = (state: State): readonly Pod[] =>
  state.list(Pod).filter(({ metadata, status }) => {
    return metadata.deletionTimestamp === undefined && status?.phase !== "Failed";
  });

const isReady = ({ status }: Pod): boolean =>
  (status?.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True");

const imageOf = (spec: Pod["spec"] | undefined): string => spec?.containers?.[0]?.image ?? "";

const rolledOut = eventually("as many pods of the newest image as declared", (state) => {
  const { replicas = 1, template: wanted } = state.get(Deployment, "web")?.spec ?? {};
  const pods = livePods(state);
  const old = pods.filter(({ spec }) => imageOf(spec) !== imageOf(wanted?.spec));
  if (pods.length === replicas && old.length === 0) return true;
  return `${pods.length} pods, ${old.length} of them old; ${replicas} are declared`;
});

/** Pods may be more for a moment: a set that is shrunk keeps its pods until it has seen that. */
const noSurge = always("sets are never asked for more pods than surge allows", (state) => {
  const asked = state.list(ReplicaSet).reduce((sum, { spec }) => sum + (spec?.replicas ?? 0), 0);
  return asked <= SURGE_MAX || `${asked} are asked for, at most ${SURGE_MAX}`;
});

const noOvershoot = always("a set never has more pods than it was ever asked for", (state) => {
  const owners = livePods(state).flatMap(
    ({ metadata }) => metadata.ownerReferences?.[0]?.uid ?? [],
  );
  const most = state.list(ReplicaSet).find(({ metadata }) => {
    return owners.filter((uid) => uid === metadata.uid).length > REPLICAS_MAX;
  });
  return most === undefined || `${most.metadata.name ?? ""} has more than ${REPLICAS_MAX}`;
});

/** The greatest number of replicas in the scenario; a quarter of it more is the surge. */
const REPLICAS_MAX = 4;
const SURGE_MAX = 5;

const deployments: OwnSystem = {
  name: "deployments and replica sets",
  controllers: [deploymentController, replicaSetController],
  scenario: [
    create(Deployment, { metadata: { name: "web" }, spec: { replicas: 2, selector, template } }),
    change(Deployment, "web", {
      spec: { template: { spec: { containers: [{ name: "web", image: "web:2" }] } } },
    }),
    change(Deployment, "web", { spec: { replicas: 4 } }),
    change(Deployment, "web", { spec: { replicas: 1 } }),
  ],
  invariants: [rolledOut, noSurge, noOvershoot],
};

const endpoints: OwnSystem = {
  name: "endpoints",
  controllers: [replicaSetController, endpointSliceController, endpointsController],
  scenario: [
    create(Service, {
      metadata: { name: "web" },
      spec: { selector: labels, ports: [{ port: 80 }] },
    }),
    create(ReplicaSet, { metadata: { name: "web" }, spec: { replicas: 2, selector, template } }),
    change(ReplicaSet, "web", { spec: { replicas: 3 } }),
    change(ReplicaSet, "web", { spec: { replicas: 1 } }),
  ],
  invariants: [
    eventually("each ready pod with an address has an endpoint, and nobody else", (state) => {
      const wanted = livePods(state)
        .filter(isReady)
        .flatMap(({ status }) => status?.podIP ?? []);
      const there = state
        .list(EndpointSlice)
        .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === "web")
        .flatMap(({ endpoints: listed }) => (listed ?? []).flatMap(({ addresses }) => addresses));
      const isSame = wanted.length === there.length && wanted.every((ip) => there.includes(ip));
      return isSame || `ready: ${wanted.join(" ")}; in slices: ${there.join(" ")}`;
    }),
  ],
};

const claim = {
  metadata: { name: "data" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};

const claims: OwnSystem = {
  name: "protection of claims",
  controllers: [claimProtectionController],
  scenario: [create(PersistentVolumeClaim, claim), remove(PersistentVolumeClaim, "data")],
  invariants: [
    eventually("a claim that nobody uses goes when it is deleted", (state) => {
      return state
        .list(PersistentVolumeClaim)
        .every(({ metadata }) => metadata.deletionTimestamp === undefined);
    }),
  ],
};

const accounts: OwnSystem = {
  name: "service accounts",
  controllers: [serviceAccountController],
  scenario: [create(Namespace, { metadata: { name: "team" } })],
  hasNodes: false,
};

/** All controllers and the scheduler, as a control plane runs them. */
const everything: Program = ({ client, transport, env, reconcileLog }) => {
  const options = withDefaults({});
  return createControllerManager(options, {
    client: new RestClient({ transport, env }, { fieldManager: "kube-controller-manager" }),
    transport,
    env,
    metrics: createMetrics(),
    authorityPem: undefined,
    signToken: () =>
      Promise.reject(new Error(`no tokens are signed for ${client.constructor.name}`)),
    reconcileLog,
  });
};

const wholePlane: OwnSystem = {
  name: "all controllers together",
  processes: { "kube-controller-manager": everything },
  hasCollector: false,
  scenario: [
    create(Namespace, { metadata: { name: "team" } }),
    create(ResourceQuota, { metadata: { name: "quota" }, spec: { hard: { pods: "3" } } }),
    create(PodDisruptionBudget, { metadata: { name: "web" }, spec: { minAvailable: 1, selector } }),
    create(Deployment, { metadata: { name: "web" }, spec: { replicas: 2, selector, template } }),
    create(ConfigMap, { metadata: { name: "notes", namespace: "team" }, data: { a: "b" } }),
    remove(Namespace, "team"),
    remove(Deployment, "web", { propagationPolicy: "Foreground" }),
  ],
  invariants: [
    eventually("what is deleted is gone with all that belongs to it", (state) => {
      const isClean = livePods(state).length === 0 && state.list(ReplicaSet).length === 0;
      return isClean && state.get(Namespace, "team") === undefined;
    }),
    always("never more pods than the quota", (state) => livePods(state).length <= 3),
  ],
};

/** What sound controllers may break, and ours do not. */
const strict = [idempotent(), noStaleDestruction(), stopsCleanly()];

export const OWN_SYSTEMS: readonly OwnSystem[] = [
  deployments,
  endpoints,
  claims,
  accounts,
  wholePlane,
].map((system) => ({ ...system, invariants: [...(system.invariants ?? []), ...strict] }));
