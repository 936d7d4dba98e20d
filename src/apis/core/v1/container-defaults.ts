/** Defaults of containers, whether they run from the start, before it, or join later. */
import { defaultPullPolicy } from "./image-name.ts";
import type {
  ContainerPort,
  EnvVar,
  HTTPGetAction,
  Lifecycle,
  LifecycleHandler,
  ObjectFieldSelector,
  Probe,
  ResourceRequirements,
} from "./types.generated.ts";

/** The fields that all three sorts of containers have and that have defaults. */
type AnyContainer = {
  readonly image?: string;
  readonly imagePullPolicy?: string;
  readonly terminationMessagePath?: string;
  readonly terminationMessagePolicy?: string;
  readonly resources?: ResourceRequirements;
  readonly ports?: readonly ContainerPort[];
  readonly env?: readonly EnvVar[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly lifecycle?: Lifecycle;
};

/** `container` with all its defaults. */
export function withContainerDefaults<C extends AnyContainer>(container: C): C {
  const { ports, env, livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  return {
    ...container,
    resources: container.resources ?? {},
    terminationMessagePath: container.terminationMessagePath || "/dev/termination-log",
    terminationMessagePolicy: container.terminationMessagePolicy || "File",
    imagePullPolicy: container.imagePullPolicy || defaultPullPolicy(container.image ?? ""),
    ...(ports === undefined ? {} : { ports: ports.map(withPortDefaults) }),
    ...(env === undefined ? {} : { env: env.map(withEnvDefaults) }),
    ...(livenessProbe === undefined ? {} : { livenessProbe: withProbeDefaults(livenessProbe) }),
    ...(readinessProbe === undefined ? {} : { readinessProbe: withProbeDefaults(readinessProbe) }),
    ...(startupProbe === undefined ? {} : { startupProbe: withProbeDefaults(startupProbe) }),
    ...(lifecycle === undefined ? {} : { lifecycle: withLifecycleDefaults(lifecycle) }),
  };
}

/** A reference to a field of the pod itself, in API version v1 unless it says another. */
export function withFieldRefDefaults(fieldRef: ObjectFieldSelector): ObjectFieldSelector {
  return { ...fieldRef, apiVersion: fieldRef.apiVersion || "v1" };
}

function withPortDefaults(port: ContainerPort): ContainerPort {
  return { ...port, protocol: port.protocol || "TCP" };
}

function withEnvDefaults(variable: EnvVar): EnvVar {
  const { valueFrom } = variable;
  if (valueFrom === undefined) return variable;
  const { fieldRef, fileKeyRef } = valueFrom;
  return {
    ...variable,
    valueFrom: {
      ...valueFrom,
      ...(fieldRef === undefined ? {} : { fieldRef: withFieldRefDefaults(fieldRef) }),
      ...(fileKeyRef === undefined
        ? {}
        : { fileKeyRef: { ...fileKeyRef, optional: fileKeyRef.optional ?? false } }),
    },
  };
}

function withProbeDefaults(probe: Probe): Probe {
  const { httpGet, grpc } = probe;
  return {
    ...probe,
    timeoutSeconds: probe.timeoutSeconds || 1,
    periodSeconds: probe.periodSeconds || 10,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
    ...(httpGet === undefined ? {} : { httpGet: withHttpGetDefaults(httpGet) }),
    ...(grpc === undefined ? {} : { grpc: { ...grpc, service: grpc.service ?? "" } }),
  };
}

function withLifecycleDefaults(lifecycle: Lifecycle): Lifecycle {
  // Upstream has stopSignal behind a gate that is closed.
  const { postStart, preStop, stopSignal: _, ...rest } = lifecycle;
  return {
    ...rest,
    ...(postStart === undefined ? {} : { postStart: withHandlerDefaults(postStart) }),
    ...(preStop === undefined ? {} : { preStop: withHandlerDefaults(preStop) }),
  };
}

function withHandlerDefaults(handler: LifecycleHandler): LifecycleHandler {
  const { httpGet } = handler;
  return httpGet === undefined ? handler : { ...handler, httpGet: withHttpGetDefaults(httpGet) };
}

function withHttpGetDefaults(httpGet: HTTPGetAction): HTTPGetAction {
  return { ...httpGet, path: httpGet.path || "/", scheme: httpGet.scheme || "HTTP" };
}
