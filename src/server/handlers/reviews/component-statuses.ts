/** How the parts of the control plane are, asked at the moment of the request. */
import type { ComponentStatus } from "../../../apis/core/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import { EncodedObject } from "../../../machinery/encoded.ts";
import { compareText } from "../../../machinery/key.ts";
import type { ApiResponse } from "../../../machinery/request.ts";
import { notFound } from "../../../machinery/status.ts";
import { statusAnswer } from "../../answers.ts";
import { parseSelection } from "../selection.ts";
import { listedValues, renderList, renderObject } from "../render.ts";
import type { HandlerDeps, ObjectRequest } from "../request.ts";

/** A part of the control plane that can be asked how it is. */
export type Component = {
  readonly name: string;
  /** What is wrong with it; undefined if nothing is. */
  readonly problem: (context: Context) => Promise<string | undefined>;
};

const DEPRECATED = "v1 ComponentStatus is deprecated in v1.19+";

export async function getComponentStatus(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { name } = request.info;
  const component = deps.components.find((each) => each.name === name);
  // Upstream names the kind here, not the resource.
  const about = { group: "", resource: "componentstatus" };
  if (component === undefined) return statusAnswer(notFound(about, name).status, [DEPRECATED]);
  const object = EncodedObject.fromValue(await statusOf(component, context));
  return renderObject(request, { status: 200, object, warnings: [DEPRECATED] }, deps.env);
}

export async function listComponentStatuses(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const selection = parseSelection(request.request.query, request.resource);
  const components = deps.components.toSorted((a, b) => compareText(a.name, b.name));
  const statuses = await Promise.all(components.map((each) => statusOf(each, context)));
  const listed = listedValues(statuses.filter((status) => selection.selects(status)));
  const answer = await renderList(request, {}, listed, deps.env);
  return { ...answer, warnings: [...answer.warnings, DEPRECATED] };
}

async function statusOf(component: Component, context: Context): Promise<ComponentStatus> {
  const problem = await component.problem(context);
  const condition =
    problem === undefined
      ? { type: "Healthy", status: "True", message: "ok" }
      : { type: "Healthy", status: "False", message: problem };
  return {
    kind: "ComponentStatus",
    apiVersion: "v1",
    metadata: { name: component.name },
    conditions: [condition],
  };
}
