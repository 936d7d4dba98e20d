/** Asking a server to explain: the client's side of the group `trace.setpoint.dev`. */
import type { ResourceType } from "../client/resource-type.ts";
import { apiVersionOf } from "../machinery/gvk.ts";
import type { ApiObject } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import {
  TRACE_GROUP,
  TRACE_VERSION,
  type ExplanationSpec,
  type ExplanationStatus,
} from "../trace/explanation.ts";
import type { Session } from "./session.ts";
import { UserError } from "./user-error.ts";

export type Explanation = ApiObject & {
  readonly spec: ExplanationSpec;
  readonly status?: ExplanationStatus;
};

const EXPLANATION: ResourceType<Explanation> = {
  group: TRACE_GROUP,
  version: TRACE_VERSION,
  kind: "Explanation",
  resource: "explanations",
  isNamespaced: false,
};

/** Refuses in words where the server has no such API. */
export async function ask(session: Session, spec: ExplanationSpec): Promise<Explanation> {
  const answer = await askIfExplained(session, spec);
  if (answer !== undefined) return answer;
  throw new UserError(
    "this API server keeps no record of why things happen",
    "Setpoint's own does: `setpoint up`, or createControlPlane().",
  );
}

/** Undefined: the server has no such API. */
export async function askIfExplained(
  session: Session,
  spec: ExplanationSpec,
): Promise<Explanation | undefined> {
  try {
    return await session.client.create(EXPLANATION, explanation(spec), session.context);
  } catch (error) {
    if (isStatus(error, "NotFound")) return undefined;
    throw error;
  }
}

/** The question, and its answer if there is one. */
export function explanation(spec: ExplanationSpec, status?: ExplanationStatus): Explanation {
  const identity = { apiVersion: apiVersionOf(EXPLANATION), kind: EXPLANATION.kind, metadata: {} };
  return { ...identity, spec, ...(status === undefined ? {} : { status }) };
}
