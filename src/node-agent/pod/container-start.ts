/**
 * Starting a container: image, configuration, create, start. Long, so it runs beside the pod's
 * loop; what it fails of becomes the container's waiting reason.
 */
import type { Container, Pod } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { TransportError } from "../../client/transport.ts";
import { StatusError } from "../../machinery/status.ts";
import { RuntimeError, type ContainerId, type RuntimeSandbox } from "../runtime/runtime.ts";
import { ConfigError } from "./config-error.ts";
import { containerConfig } from "./container-config.ts";
import { POD_GVK, type PodDeps } from "./pod-deps.ts";
import type { WaitingReason } from "./pod-view.ts";

/** How soon a failed start is tried again. */
export type StartRetry =
  /** With the back-off of image pulls. */
  | "image"
  /** Soon: what is missing may be created any moment. */
  | "config"
  /** The container exists and has ended; the back-off of restarts counts. */
  | "restart";

export type StartOutcome =
  | { readonly kind: "started"; readonly id: ContainerId }
  | { readonly kind: "failed"; readonly failure: WaitingReason; readonly retry: StartRetry };

export type StartRequest = {
  readonly pod: Pod;
  readonly container: Container;
  readonly attempt: number;
  readonly sandbox: RuntimeSandbox;
  /** Containers of this name that were made and never started, by an agent that died. */
  readonly leftovers: readonly ContainerId[];
};

/** Throws only when the signal aborts, or for defects. */
export async function startContainer(
  request: StartRequest,
  deps: PodDeps,
  context: Context,
): Promise<StartOutcome> {
  const { pod, container } = request;
  const imageFailure = await pullImage(pod, container, deps, context);
  if (imageFailure !== undefined) {
    return { kind: "failed", failure: imageFailure, retry: "image" };
  }
  let id: ContainerId;
  try {
    const config = await containerConfig(request, deps, context);
    for (const leftover of request.leftovers) {
      await deps.runtime.removeContainer(leftover, context);
    }
    id = await deps.runtime.createContainer(request.sandbox.id, config, context);
  } catch (error) {
    context.signal.throwIfAborted();
    const failure = createFailure(error);
    deps.recorder.warning(pod, POD_GVK, eventReason(error), `Error: ${failure.message}`);
    return { kind: "failed", failure, retry: "config" };
  }
  deps.recorder.normal(pod, POD_GVK, "Created", `Created container: ${container.name}`);
  context.signal.throwIfAborted();
  try {
    await deps.runtime.startContainer(id, context);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    const failure = { reason: "RunContainerError", message: error.message };
    deps.recorder.warning(pod, POD_GVK, "Failed", `Error: ${error.message}`);
    return { kind: "failed", failure, retry: "restart" };
  }
  deps.recorder.normal(pod, POD_GVK, "Started", `Started container ${container.name}`);
  return { kind: "started", id };
}

async function pullImage(
  pod: Pod,
  container: Container,
  deps: PodDeps,
  context: Context,
): Promise<WaitingReason | undefined> {
  const image = container.image ?? "";
  try {
    const isPresent = await deps.runtime.hasImage(image, context);
    if (!isPresent && container.imagePullPolicy === "Never") {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      deps.recorder.warning(pod, POD_GVK, "ErrImageNeverPull", message);
      return { reason: "ErrImageNeverPull", message };
    }
    if (!isPresent) deps.recorder.normal(pod, POD_GVK, "Pulling", `Pulling image "${image}"`);
    await deps.runtime.ensureImage(image, context);
    const message = isPresent
      ? `Container image "${image}" already present on machine`
      : `Successfully pulled image "${image}"`;
    deps.recorder.normal(pod, POD_GVK, "Pulled", message);
    return undefined;
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof RuntimeError)) throw error;
    const isBadName = error.kind === "invalid-image-name";
    const text = isBadName
      ? `Failed to apply default image tag "${image}": ${error.message}`
      : `Failed to pull image "${image}": ${error.message}`;
    deps.recorder.warning(pod, POD_GVK, isBadName ? "InspectFailed" : "Failed", text);
    return {
      reason: isBadName ? "InvalidImageName" : "ErrImagePull",
      message: error.message,
    };
  }
}

function createFailure(error: unknown): WaitingReason {
  if (error instanceof ConfigError || isNoAnswer(error)) {
    return { reason: "CreateContainerConfigError", message: error.message };
  }
  if (error instanceof RuntimeError) {
    const reason =
      error.kind === "bad-config" ? "CreateContainerConfigError" : "CreateContainerError";
    return { reason, message: error.message };
  }
  if (error instanceof Error && "code" in error) {
    return { reason: "CreateContainerError", message: error.message }; // the node's disk
  }
  throw error;
}

/** The API did not say whether a ConfigMap or Secret exists. */
function isNoAnswer(error: unknown): error is Error {
  return error instanceof StatusError || error instanceof TransportError;
}

function eventReason(error: unknown): string {
  return error instanceof ConfigError && error.message.startsWith("volume ")
    ? "FailedMount"
    : "Failed";
}
