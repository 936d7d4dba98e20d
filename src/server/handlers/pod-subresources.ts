/** POST of a Binding: the pod is assigned to a node. */
import { bindingSchema } from "../../apis/core/v1/schema.generated.ts";
import type { Context } from "../../base/context.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import {
  badRequest,
  conflict,
  fieldErrorText,
  plainRefusal,
  success,
  type FieldError,
} from "../../machinery/status.ts";
import { statusAnswer } from "../answers.ts";
import { inNamespace, withMetadata } from "../registry/metadata.ts";
import { checkPreconditions } from "../registry/preconditions.ts";
import { modifyObject, reviewOf } from "../registry/write.ts";
import { decodeObject, type ExpectedKind } from "./body.ts";
import { FREE, podFields, withPodCondition } from "./pod-conditions.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { writeTarget } from "./target.ts";
import { writeOptions } from "./write-options.ts";

const BINDING: ExpectedKind = { group: "", version: "v1", kind: "Binding", schema: bindingSchema };

export async function bindPod(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const options = writeOptions(request.request, "CreateOptions");
  const decoded = decodeObject(request.request, BINDING, options.fieldValidation);
  const binding = decoded.object;
  const { name = "" } = binding.metadata;
  // A POST to the collection of bindings has no name but that in the body.
  if (name !== (request.info.name || name)) {
    throw badRequest("name in URL does not match name in Binding object");
  }
  inNamespace(binding, { resource: request.resource, namespace: request.info.namespace });
  const node = targetOf(binding);
  if (name === "") throw badRequest("name must be provided");
  const target = writeTarget(request, options, "create");
  const review = { ...reviewOf(target, "create"), object: binding, old: undefined, kind: BINDING };
  await deps.admission.admit(review, context);
  await modifyObject(
    { ...target, isAdmitted: true },
    {
      ...FREE,
      next: (old) => {
        checkPreconditions(binding, old, { ...target, verb: "update" });
        checkBindable(old, request.info.name);
        return boundPod(old, binding, node, apiTime(deps.env.clock.now()));
      },
    },
    deps,
    context,
  );
  return statusAnswer({ ...success(), code: 201 }, decoded.warnings);
}

/** What is wrong is told as upstream tells it here: as no refusal of the binding. */
function targetOf(binding: ApiObject): string {
  const { target }: { readonly target?: unknown } = binding as { readonly target?: unknown };
  const kind = isFields(target) ? (own(target, "kind") ?? "") : "";
  const node = isFields(target) ? (own(target, "name") ?? "") : "";
  const errors: FieldError[] = [];
  if (kind !== "" && kind !== "Node") {
    const detail = 'supported values: "Node", "<empty>"';
    errors.push({ field: "target.kind", type: "FieldValueNotSupported", value: kind, detail });
  }
  const name = typeof node === "string" ? node : "";
  if (name === "") errors.push({ field: "target.name", type: "FieldValueRequired", detail: "" });
  const [first, ...others] = errors.map((error) => `${error.field}: ${fieldErrorText(error)}`);
  if (first !== undefined) {
    const text = others.length === 0 ? first : `[${[first, ...others].join(", ")}]`;
    throw plainRefusal(500, "", text);
  }
  return name;
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
  const { labels, annotations, resourceVersion } = binding.metadata;
  const pod = {
    ...old,
    spec: { ...spec, nodeName: node },
    status: keptStatus,
  };
  const scheduled = withPodCondition(pod, { type: "PodScheduled", status: "True" }, now);
  return withMetadata(scheduled, {
    labels: { ...old.metadata.labels, ...labels },
    annotations: { ...old.metadata.annotations, ...annotations },
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  });
}
