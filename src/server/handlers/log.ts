/** The log of a container: checked here, read from the node by `NodeLogs`. */
import type { Context } from "../../base/context.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { badRequest, invalid, notFound, type FieldError } from "../../machinery/status.ts";
import { objectOf } from "../registry/read.ts";
import { storeKey } from "../registry/resource.ts";
import { isTrue } from "../request-info.ts";
import type { LogOptions } from "../node-logs.ts";
import { chooseContainer, nodeNameOf, nodeOf } from "./pod-containers.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";

type Named = { readonly name: string };
type ContainerState = { readonly waiting?: { readonly reason?: string } };

/** A pod as far as its logs are concerned. */
type LoggedPod = {
  readonly status?: {
    readonly containerStatuses?: readonly (Named & { readonly state?: ContainerState })[];
    readonly initContainerStatuses?: readonly (Named & { readonly state?: ContainerState })[];
    readonly ephemeralContainerStatuses?: readonly (Named & { readonly state?: ContainerState })[];
  };
};

const NO_CONTENT: ApiResponse = {
  status: 204,
  headers: {},
  warnings: [],
  body: { kind: "none" },
};

export async function readLog(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  const { query } = request.request;
  const wanted = logOptions(query);
  const entry = await deps.store.get(storeKey(resource, info), context);
  if (entry === undefined) throw notFound(resource, info.name);
  const pod = objectOf(entry, resource).value;
  const container = chooseContainer(pod, info.name, query.get("container") ?? "");
  // A pod that waits for a node has said nothing yet.
  if (nodeNameOf(pod) === "") return NO_CONTENT;
  await nodeOf(pod, info.name, deps, context);
  if (!wanted.isPrevious) checkStarted(pod, info.name, container);
  const chunks = await deps.nodeLogs.open(pod, { ...wanted, container }, context);
  return {
    status: 200,
    headers: { "content-type": "text/plain" },
    warnings: [],
    body: { kind: "stream", chunks },
  };
}

function logOptions(query: URLSearchParams): Omit<LogOptions, "container"> {
  const errors: FieldError[] = [];
  const sinceSeconds = amount(query, "sinceSeconds", 1, errors);
  const tailLines = amount(query, "tailLines", 0, errors);
  const limitBytes = amount(query, "limitBytes", 1, errors);
  const sinceTime = query.get("sinceTime") ?? "";
  if (sinceTime !== "" && sinceSeconds !== undefined) {
    const detail = "at most one of `sinceTime` or `sinceSeconds` may be specified";
    errors.push({ field: "", type: "FieldValueForbidden", detail });
  }
  if (errors.length > 0) throw invalid({ group: "", kind: "PodLogOptions" }, "", errors);
  return {
    isFollowed: isTrue(query.get("follow")),
    isPrevious: isTrue(query.get("previous")),
    hasTimestamps: isTrue(query.get("timestamps")),
    sinceSeconds,
    sinceTime: sinceTime === "" ? undefined : sinceTime,
    tailLines,
    limitBytes,
  };
}

function amount(
  query: URLSearchParams,
  field: string,
  min: number,
  errors: FieldError[],
): number | undefined {
  const text = query.get(field) ?? "";
  if (text === "") return undefined;
  if (!/^[+-]?[0-9]{1,15}$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const value = Number(text);
  if (value >= min) return value;
  const detail = `must be greater than${min === 0 ? " or equal to" : ""} 0`;
  errors.push({ field, type: "FieldValueInvalid", value, detail });
  return undefined;
}

function checkStarted(pod: ApiObject, name: string, container: string): void {
  const { status = {} }: LoggedPod = pod as LoggedPod;
  const statuses = [
    ...(status.containerStatuses ?? []),
    ...(status.initContainerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ];
  const found = statuses.find((each) => each.name === container);
  const subject = `container ${JSON.stringify(container)} in pod ${JSON.stringify(name)}`;
  if (found === undefined) throw badRequest(`${subject} is not available`);
  const reason = found.state?.waiting?.reason;
  // Between two runs the log of the last one can be read.
  if (reason === undefined || reason === "CrashLoopBackOff") return;
  throw badRequest(`${subject} is waiting to start: ${reason}`);
}
