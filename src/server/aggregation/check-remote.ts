/** Whether another API server can be asked now, in the words of upstream. */
import type { APIServiceCondition } from "../../apis/apiregistration/v1/types.generated.ts";
import type { Service } from "../../apis/core/v1/types.generated.ts";
import type { EndpointSlice } from "../../apis/discovery/v1/types.generated.ts";
import { withSignal, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { childSignal } from "../../base/signals.ts";
import { MASTERS_GROUP, type UserInfo } from "../../machinery/request.ts";
import { BackendError, type Backends } from "../proxy/backends.ts";
import {
  ENDPOINT_SLICES,
  findObject,
  listObjects,
  SERVICES,
  type ObjectSource,
} from "../proxy/read-objects.ts";
import type { ServiceResolver } from "../webhooks/service-resolver.ts";
import { WebhookCallError } from "../webhooks/webhook-client.ts";
import type { RemoteService } from "./api-service-index.ts";
import { identityHeaders, remoteBackend } from "./remote-backend.ts";

/** A server that does not answer within this time is not there. */
export const CHECK_MS_MAX = 6_000;

/** Who looks whether other servers are there. */
export const AGGREGATOR: UserInfo = { name: "system:kube-aggregator", groups: [MASTERS_GROUP] };

export type CheckDeps = ObjectSource & {
  readonly env: Env;
  readonly backends: Backends;
  readonly resolve: ServiceResolver;
};

/** The condition `Available`, without its time. */
export type Availability = Required<Pick<APIServiceCondition, "status" | "reason" | "message">>;

export async function checkRemote(
  remote: RemoteService,
  deps: CheckDeps,
  context: Context,
): Promise<Availability> {
  const problem =
    (await serviceProblem(remote, deps, context)) ?? (await answerProblem(remote, deps, context));
  return problem ?? { status: "True", reason: "Passed", message: "all checks passed" };
}

function problemOf(reason: string, message: string): Availability {
  return { status: "False", reason, message };
}

async function serviceProblem(
  { service: wanted }: RemoteService,
  deps: CheckDeps,
  context: Context,
): Promise<Availability | undefined> {
  const { namespace, name, port } = wanted;
  const what = `service/${name} in ${JSON.stringify(namespace)}`;
  const service = await findObject<Service>(SERVICES, wanted, deps, context);
  if (service === undefined) return problemOf("ServiceNotFound", `${what} is not present`);
  if (service.spec.type !== "ClusterIP") return undefined;
  const found = service.spec.ports?.find((each) => each.port === port);
  if (found === undefined) {
    return problemOf("ServicePortError", `${what} is not listening on port ${port}`);
  }
  const all = await listObjects<EndpointSlice>(ENDPOINT_SLICES, namespace, deps, context);
  const slices = all.filter(
    ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name,
  );
  if (slices.length === 0) {
    return problemOf("EndpointsNotFound", `cannot find endpointslices for ${what}`);
  }
  const portName = found.name ?? "";
  if (slices.some((slice) => isReadyAt(slice, portName))) return undefined;
  const quoted = JSON.stringify(portName);
  return problemOf(
    "MissingEndpoints",
    `endpointslices for ${what} have no addresses with port name ${quoted}`,
  );
}

function isReadyAt(slice: EndpointSlice, portName: string): boolean {
  const hasPort = slice.ports?.some((each) => (each.name ?? "") === portName) ?? false;
  const ready = slice.endpoints?.some((each) => each.conditions?.ready !== false) ?? false;
  return hasPort && ready;
}

/** It must answer for its own group and version. */
async function answerProblem(
  remote: RemoteService,
  deps: CheckDeps,
  context: Context,
): Promise<Availability | undefined> {
  const failed = (why: string): Availability => problemOf("FailedDiscoveryCheck", why);
  const child = childSignal(context.signal);
  const timer = deps.env.timers.after(CHECK_MS_MAX, () => child.abort());
  let url = "";
  try {
    const backend = await remoteBackend(remote, deps.resolve, context);
    const target = `/apis/${remote.group}/${remote.version}`;
    url = `https://${backend.authority}${target}`;
    const headers = { host: backend.authority, ...identityHeaders(AGGREGATOR) };
    const head = { method: "GET", target, headers };
    const call = { backend, head, body: new Uint8Array() };
    const { status, chunks } = await deps.backends.send(call, withSignal(context, child.signal));
    for await (const _chunk of chunks) break;
    if (status >= 200 && status < 300) return undefined;
    const bad = `bad status from ${url}: ${status}`;
    return failed(`failing or missing response from ${url}: ${bad}`);
  } catch (error) {
    context.signal.throwIfAborted();
    if (child.signal.aborted) return failed(`timed out waiting for ${url}`);
    if (error instanceof WebhookCallError) return failed(error.message);
    if (!(error instanceof BackendError)) throw error;
    const why = `Get ${JSON.stringify(url)}: ${error.message}`;
    return failed(`failing or missing response from ${url}: ${why}`);
  } finally {
    timer.cancel();
    child.release();
  }
}
