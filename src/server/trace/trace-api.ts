/**
 * The group `trace.setpoint.dev`: questions about the past, answered from the store's history. A
 * question is posted as an `Explanation` and comes back with its answer; nothing is stored.
 *
 *     POST /apis/trace.setpoint.dev/v1alpha1/explanations
 *     {"spec": {"question": "Why", "object": {"apiVersion": "v1", "kind": "Pod",
 *       "namespace": "default", "name": "web-1"}}}
 *
 * Who may create explanations may ask; objects that the asker may not `get` are not named.
 */
import type { Context } from "../../base/context.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { invalid, methodNotAllowed, noSuchResource } from "../../machinery/status.ts";
import {
  TRACE_GROUP,
  TRACE_VERSION,
  type ExplanationSpec,
  type ExplanationStatus,
} from "../../trace/explanation.ts";
import { answer, IncompleteQuestionError, type Knowledge } from "../../trace/explain/answer.ts";
import { valueAnswer } from "../answers.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { RemoteVersion } from "../discovery/remote-groups.ts";
import type { Exchange } from "../filters/filter.ts";
import { explanationSpec } from "./explanation-body.ts";
import type { RuntimeInsight } from "../../trace/reconcile-record.ts";
import { readableFacts, readsOf } from "./readable-facts.ts";
import { StorePresent } from "./store-present.ts";
import { StoreRuntime } from "./store-runtime.ts";
import { StoreFacts, type StoreFactsDeps } from "./store-facts.ts";

export type TraceApiDeps = StoreFactsDeps & {
  readonly authorizer: Authorizer;
  /** Undefined: nothing is known of controllers. */
  readonly insight: RuntimeInsight | undefined;
};

const GROUP_VERSION = apiVersionOf({ group: TRACE_GROUP, version: TRACE_VERSION });
const KIND = "Explanation";

/** For discovery: after all groups of Kubernetes. */
export const TRACE_DISCOVERY: RemoteVersion = {
  group: TRACE_GROUP,
  version: TRACE_VERSION,
  groupPriority: 1_000,
  versionPriority: 10,
  isStale: false,
  entries: [
    {
      resource: "explanations",
      responseKind: { group: TRACE_GROUP, version: TRACE_VERSION, kind: KIND },
      scope: "Cluster",
      singularResource: "explanation",
      verbs: ["create"],
    },
  ],
};

/** What the group answers; undefined: the request is not for it. */
export function answerTrace(
  exchange: Exchange,
  deps: TraceApiDeps,
  context: Context,
): Promise<ApiResponse> | undefined {
  const { info } = exchange;
  if (info.kind === "path") {
    return info.path.replace(/\/+$/, "") === `/apis/${GROUP_VERSION}`
      ? Promise.resolve(valueAnswer(200, RESOURCE_LIST))
      : undefined;
  }
  if (info.group !== TRACE_GROUP) return undefined;
  return answerQuestion(exchange, deps, context);
}

const RESOURCE_LIST = {
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: GROUP_VERSION,
  resources: [
    {
      name: "explanations",
      singularName: "explanation",
      namespaced: false,
      kind: KIND,
      verbs: ["create"],
    },
  ],
};

async function answerQuestion(
  { request, user, info }: Exchange,
  deps: TraceApiDeps,
  context: Context,
): Promise<ApiResponse> {
  if (info.kind !== "resource" || info.version !== TRACE_VERSION) throw noSuchResource();
  if (info.resource !== "explanations" || info.isNamed || info.namespace !== "") {
    throw noSuchResource();
  }
  if (info.verb !== "create") throw methodNotAllowed();
  const spec = explanationSpec(request);
  const mayRead = readsOf(user, deps, context);
  const facts = readableFacts(new StoreFacts(deps, context), mayRead);
  const present = new StorePresent(deps, mayRead, context);
  const { insight } = deps;
  const runtime =
    insight === undefined
      ? {}
      : { runtime: new StoreRuntime({ ...deps, insight }, { mayRead, facts }, context) };
  return valueAnswer(201, explanation(spec, await answered(spec, { facts, present, ...runtime })));
}

async function answered(spec: ExplanationSpec, knowledge: Knowledge): Promise<ExplanationStatus> {
  try {
    return await answer(spec, knowledge);
  } catch (error) {
    if (!(error instanceof IncompleteQuestionError)) throw error;
    const { field, message } = error;
    throw invalid({ group: TRACE_GROUP, kind: KIND }, "", [
      { type: "FieldValueRequired", field: `spec.${field}`, detail: message },
    ]);
  }
}

function explanation(spec: ExplanationSpec, status: ExplanationStatus): object {
  const metadata: ApiObject["metadata"] = {};
  return { apiVersion: GROUP_VERSION, kind: KIND, metadata, spec, status };
}
