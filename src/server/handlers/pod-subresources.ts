/** Binding and eviction: writes to a pod that are made by describing an act. */
import { bindingSchema } from "../../apis/core/v1/schema.generated.ts";
import { evictionSchema } from "../../apis/policy/v1/schema.generated.ts";
import type { Context } from "../../base/context.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { findCondition, setCondition, type Condition } from "../../machinery/conditions.ts";
import { isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { conflict, invalid, success, type FieldError } from "../../machinery/status.ts";
import { statusAnswer } from "../answers.ts";
import { deleteObject } from "../registry/delete.ts";
import { withMetadata } from "../registry/metadata.ts";
import { modifyObject, type Modification } from "../registry/write.ts";
import { decodeObject, type ExpectedKind } from "./body.ts";
import { toDeleteOptions } from "./delete-options.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { checkName, writeTarget } from "./target.ts";
import { writeOptions } from "./write-options.ts";

const BINDING: ExpectedKind = { group: "", version: "v1", kind: "Binding", schema: bindingSchema };
const EVICTION: ExpectedKind = {
  group: "policy",
  version: "v1",
  kind: "Eviction",
  schema: evictionSchema,
};

/** A pod as far as these two acts look into it. */
type PodFields = {
  readonly spec: Fields & { readonly nodeName?: string; readonly schedulingGates?: readonly [] };
  readonly status: Fields & { readonly conditions?: readonly Condition[] };
};

/** These acts touch what no update may, so none of the kind's rules about updates apply. */
const FREE: Pick<Modification, "prepare" | "validate" | "hasDefaults" | "countsGeneration"> = {
  prepare: (next) => next,
  validate: () => [],
  hasDefaults: false,
  countsGeneration: false,
};

/** POST of a Binding: the pod runs on this node from now on. */
export async function bindPod(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const options = writeOptions(request.request, "CreateOptions");
  const decoded = decodeObject(request.request, BINDING, options.fieldValidation);
  const binding = decoded.object;
  if (binding.metadata.name !== undefined) checkName(binding, request);
  const node = targetOf(binding, request.info.name);
  await modifyObject(
    writeTarget(request, options, "create"),
    {
      ...FREE,
      next: (old) => {
        checkBindable(old, request.info.name);
        return boundPod(old, binding, node, apiTime(deps.env.clock.now()));
      },
    },
    deps,
    context,
  );
  return statusAnswer({ ...success(), code: 201 }, decoded.warnings);
}

/** POST of an Eviction: a deletion that respects disruption budgets; there are none yet. */
export async function evictPod(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const options = writeOptions(request.request, "CreateOptions");
  const decoded = decodeObject(request.request, EVICTION, options.fieldValidation);
  if (decoded.object.metadata.name !== undefined) checkName(decoded.object, request);
  const sent: unknown = (decoded.object as { readonly deleteOptions?: unknown }).deleteOptions;
  const deletion = toDeleteOptions(isFields(sent) ? sent : {}, request.request);
  const isDryRun = options.isDryRun || deletion.isDryRun;
  const target = writeTarget(request, { isDryRun, manager: options.manager }, "create");
  const now = apiTime(deps.env.clock.now());
  await modifyObject(
    target,
    { ...FREE, next: (old) => withCondition(old, EVICTED, now) },
    deps,
    context,
  );
  await deleteObject(target, deletion.wish, deps, context);
  return statusAnswer({ ...success(), code: 201 }, decoded.warnings);
}

const EVICTED: Condition = {
  type: "DisruptionTarget",
  status: "True",
  reason: "EvictionByEvictionAPI",
  message: "Eviction API: evicting",
};

function targetOf(binding: ApiObject, name: string): string {
  const { target }: { readonly target?: unknown } = binding as { readonly target?: unknown };
  const kind = isFields(target) ? (own(target, "kind") ?? "") : "";
  const node = isFields(target) ? (own(target, "name") ?? "") : "";
  const errors: FieldError[] = [];
  if (kind !== "" && kind !== "Node") {
    const detail = 'supported values: "Node", "<empty>"';
    errors.push({ field: "target.kind", type: "FieldValueNotSupported", value: kind, detail });
  }
  if (typeof node !== "string" || node === "") {
    errors.push({ field: "target.name", type: "FieldValueRequired", detail: "" });
  }
  if (errors.length > 0 || typeof node !== "string") throw invalid(BINDING, name, errors);
  return node;
}

function checkBindable(pod: ApiObject, name: string): void {
  const about = { group: "", resource: "pods/binding" };
  const { spec } = podFields(pod);
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw conflict(about, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  }
  if (spec.nodeName !== undefined && spec.nodeName !== "") {
    const node = JSON.stringify(spec.nodeName);
    throw conflict(about, name, `pod ${name} is already assigned to node ${node}`);
  }
  if (spec.schedulingGates !== undefined && spec.schedulingGates.length > 0) {
    throw conflict(about, name, `pod ${name} has non-empty .spec.schedulingGates`);
  }
}

function boundPod(old: ApiObject, binding: ApiObject, node: string, now: string): ApiObject {
  const { spec, status } = podFields(old);
  const { nominatedNodeName: _nominated, ...keptStatus } = status;
  const { labels, annotations, resourceVersion, uid } = binding.metadata;
  const pod = {
    ...old,
    spec: { ...spec, nodeName: node },
    status: keptStatus,
  };
  const scheduled = withCondition(pod, { type: "PodScheduled", status: "True" }, now);
  return withMetadata(scheduled, {
    labels: { ...old.metadata.labels, ...labels },
    annotations: { ...old.metadata.annotations, ...annotations },
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(uid === undefined ? {} : { uid }),
  });
}

/** `pod` with the condition in place of an older one of its type. */
function withCondition(pod: ApiObject, condition: Condition, now: string): ApiObject {
  const { status } = podFields(pod);
  const others = (status.conditions ?? []).filter((each) => each.type !== condition.type);
  const before = findCondition(status.conditions, condition.type);
  // A new state of a condition brings its own reason and message, or none.
  const conditions =
    before?.status === condition.status
      ? setCondition(status.conditions, condition, now)
      : [...others, { ...condition, lastTransitionTime: now }];
  const next = { ...pod, status: { ...status, conditions } };
  return next;
}

/** The server stores no pod without spec and status. */
function podFields(pod: ApiObject): PodFields {
  return { spec: {}, status: {}, ...(pod as Partial<PodFields>) };
}
