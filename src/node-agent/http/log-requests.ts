/** Requests for logs: which container of which pod, from where, how much. */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { Pod } from "../../client/builtin.ts";
import type { Lister } from "../../informer/lister.ts";
import { statusesOf } from "../probe/pod-probes.ts";
import { containersOf } from "../pod/pod-view.ts";
import { parseApiTime } from "../../machinery/api-time.ts";
import type { Runtime, RuntimeContainer } from "../runtime/runtime.ts";
import { readLog, type LogReadOptions } from "./log-reader.ts";

/** A refusal, with the HTTP status it is answered with. */
export class LogRequestError extends Error {
  override readonly name = "LogRequestError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export type LogRequestsDeps = {
  readonly runtime: Runtime;
  /** Of the pods of this node. */
  readonly pods: Lister<Pod>;
  readonly env: Env;
};

export class LogRequests {
  readonly #deps: LogRequestsDeps;

  constructor(deps: LogRequestsDeps) {
    this.#deps = deps;
  }

  /** Throws `LogRequestError` for what cannot be read, before the first piece. */
  async open(
    path: string,
    query: URLSearchParams,
    context: Context,
  ): Promise<AsyncIterable<Uint8Array>> {
    const parts = path.split("/").slice(1).map(decode);
    const [root, namespace = "", name = "", container = ""] = parts;
    if (root !== "containerLogs" || parts.length !== 4) throw new LogRequestError(404, "not found");
    const pod = this.#deps.pods.get({ namespace, name });
    if (pod === undefined) {
      throw new LogRequestError(404, `pod "${name}" does not exist on this node`);
    }
    const options = readOptions(query, this.#deps.env.clock.now());
    const isPrevious = flag(query, "previous");
    const found = await this.#find(pod, container, isPrevious, context);
    const isOpen = async (): Promise<boolean> => {
      if (!options.isFollowed) return false;
      const filter = { podUid: found.podUid };
      const all = await this.#deps.runtime.listContainers(filter, context);
      return all.some((one) => one.id === found.id && one.state.kind === "running");
    };
    return readLog(found.logFile, options, { env: this.#deps.env, isOpen }, context.signal);
  }

  async #find(
    pod: Pod,
    container: string,
    isPrevious: boolean,
    context: Context,
  ): Promise<RuntimeContainer> {
    const { name = "", uid = "" } = pod.metadata;
    if (!containersOf(pod).some(({ spec }) => spec.name === container)) {
      throw new LogRequestError(400, `container ${container} is not valid for pod ${name}`);
    }
    const all = await this.#deps.runtime.listContainers({ podUid: uid }, context);
    const ran = all
      .filter((one) => one.name === container && one.state.kind !== "created")
      .toSorted((a, b) => b.attempt - a.attempt);
    const found = ran[isPrevious ? 1 : 0];
    if (found !== undefined) return found;
    const subject = `container "${container}" in pod "${name}"`;
    throw new LogRequestError(
      400,
      isPrevious
        ? `previous terminated ${subject} not found`
        : `${subject} is waiting to start: ${waitingReason(pod, container)}`,
    );
  }
}

function waitingReason(pod: Pod, container: string): string {
  const status = statusesOf(pod).find((one) => one.name === container);
  return status?.state?.waiting?.reason ?? "ContainerCreating";
}

function readOptions(query: URLSearchParams, nowMs: number): LogReadOptions {
  const sinceSeconds = count(query, "sinceSeconds");
  const sinceTime = query.get("sinceTime");
  const sinceMs =
    sinceSeconds !== undefined
      ? nowMs - sinceSeconds * 1000
      : sinceTime === null
        ? undefined
        : parseApiTime(sinceTime);
  if (Number.isNaN(sinceMs)) throw new LogRequestError(400, "sinceTime is not an RFC 3339 time");
  return {
    isFollowed: flag(query, "follow"),
    hasTimestamps: flag(query, "timestamps"),
    sinceMs,
    tailLines: count(query, "tailLines"),
    bytesMax: count(query, "limitBytes"),
  };
}

function count(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new LogRequestError(400, `${name} is not a whole number of at least 0`);
}

function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text === "true" || text === "1";
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new LogRequestError(400, "the path is not properly encoded");
  }
}
