/** Carries out one probe or hook against one container. */
import type { Container, LifecycleHandler, Pod } from "../../apis/core/v1/types.generated.ts";
import { withSignal, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { childSignal } from "../../base/signals.ts";
import { RuntimeError, type ContainerId, type Runtime } from "../runtime/runtime.ts";
import type { HttpProbeRequest, ProbeNetwork } from "./probe-network.ts";

/** What is called: of a probe (`grpc` included) or of a lifecycle hook. */
export type Handler = LifecycleHandler & { readonly grpc?: { readonly port: number } };

export type HandlerTarget = {
  readonly pod: Pod;
  readonly container: Container;
  readonly containerId: ContainerId;
  readonly podIp: string;
};

export type HandlerOutcome =
  | { readonly kind: "success" }
  /** `output` is for people. */
  | { readonly kind: "failure"; readonly output: string };

export type HandlerDeps = {
  readonly runtime: Runtime;
  readonly network: ProbeNetwork;
  readonly env: Env;
};

const SUCCESS: HandlerOutcome = { kind: "success" };
const OUTPUT_CHARACTERS_MAX = 1_024;
const decoder = new TextDecoder();

/** Never throws for what the container does; an aborted signal does throw. */
export async function callHandler(
  handler: Handler,
  target: HandlerTarget,
  timeoutMs: number,
  deps: HandlerDeps,
  context: Context,
): Promise<HandlerOutcome> {
  if (handler.exec !== undefined) {
    return runCommand(handler.exec.command ?? [], target, timeoutMs, deps, context);
  }
  if (handler.sleep !== undefined) {
    await deps.env.timers.sleep(handler.sleep.seconds * 1000, context.signal);
    return SUCCESS;
  }
  if (handler.grpc !== undefined) {
    return failure("grpc probes are not supported by this node; use httpGet, tcpSocket or exec");
  }
  return withTimeout(timeoutMs, deps.env, context, (limited) =>
    callNetwork(handler, target, deps, limited),
  );
}

async function runCommand(
  command: readonly string[],
  target: HandlerTarget,
  timeoutMs: number,
  deps: HandlerDeps,
  context: Context,
): Promise<HandlerOutcome> {
  try {
    const result = await deps.runtime.execSync(target.containerId, command, timeoutMs, context);
    if (result.exitCode === 0) return SUCCESS;
    const output = decoder.decode(result.stdout) + decoder.decode(result.stderr);
    return failure(output === "" ? `command exited with ${result.exitCode}` : output);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof RuntimeError)) throw error;
    return failure(error.message);
  }
}

async function withTimeout(
  timeoutMs: number,
  env: Env,
  context: Context,
  call: (limited: Context) => Promise<HandlerOutcome>,
): Promise<HandlerOutcome> {
  const child = childSignal(context.signal);
  const timer = env.timers.after(timeoutMs, () => child.abort(new Error("timed out")));
  try {
    return await call(withSignal(context, child.signal));
  } catch (error) {
    context.signal.throwIfAborted();
    return failure(
      child.signal.aborted ? `no answer within ${timeoutMs / 1000}s` : errorText(error),
    );
  } finally {
    timer.cancel();
    child.release();
  }
}

async function callNetwork(
  handler: Handler,
  target: HandlerTarget,
  deps: HandlerDeps,
  context: Context,
): Promise<HandlerOutcome> {
  if (handler.httpGet !== undefined) {
    const { host = "", path = "/", port, scheme = "HTTP", httpHeaders = [] } = handler.httpGet;
    const request: HttpProbeRequest = {
      scheme: scheme.toUpperCase() === "HTTPS" ? "https" : "http",
      host: host === "" ? target.podIp : host,
      port: portNumber(target.container, port),
      path: path.startsWith("/") ? path : `/${path}`,
      headers: httpHeaders,
    };
    const answer = await deps.network.httpGet(request, context);
    if (answer.status >= 200 && answer.status < 400) return SUCCESS;
    return failure(`HTTP probe failed with statuscode: ${answer.status}`);
  }
  if (handler.tcpSocket !== undefined) {
    const { host = "", port } = handler.tcpSocket;
    const address = host === "" ? target.podIp : host;
    await deps.network.tcpConnect(address, portNumber(target.container, port), context);
    return SUCCESS;
  }
  return failure("it says neither exec, httpGet, tcpSocket nor sleep");
}

/** A number, or the name of one of the container's ports. */
function portNumber(container: Container, port: number | string): number {
  const named = container.ports?.find((one) => one.name === port)?.containerPort;
  const number = typeof port === "number" ? port : (named ?? Number(port));
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new Error(`container ${container.name} has no port "${port}"`);
}

function failure(output: string): HandlerOutcome {
  return { kind: "failure", output: output.trim().slice(0, OUTPUT_CHARACTERS_MAX) };
}
