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

const WHAT = `${EXPLANATION.resource}.${EXPLANATION.group}`;

/** Refuses in words where the server has no such API. */
export async function ask(session: Session, spec: ExplanationSpec): Promise<Explanation> {
  const answer = await askIfExplained(session, spec);
  if (answer !== undefined) return answer;
  throw new UserError(
    "this API server keeps no record of why things happen",
    "Setpoint's own does: `setpoint up`, or createControlPlane().",
  );
}

/** The user has no right to ask; tells which rule is missing. */
export class MayNotAskError extends UserError {
  constructor(cause: Error) {
    super(
      `you may not ask this server why things happen: ${cause.message}`,
      [
        "An administrator allows it to everybody who is logged in, or to one with --user NAME:",
        `  kubectl create clusterrole setpoint-explainer --verb=create --resource=${WHAT}`,
        "  kubectl create clusterrolebinding setpoint-explainer \\",
        "    --clusterrole=setpoint-explainer --group=system:authenticated",
        "Of objects that the asker may not get, answers give no names.",
      ].join("\n"),
      { cause },
    );
  }
}

/** Undefined: the server has no such API. Throws `MayNotAskError`. */
export async function askIfExplained(
  session: Session,
  spec: ExplanationSpec,
): Promise<Explanation | undefined> {
  try {
    return await session.client.create(EXPLANATION, explanation(spec), session.context);
  } catch (error) {
    if (isStatus(error, "NotFound")) return undefined;
    if (isStatus(error, "Forbidden")) throw new MayNotAskError(error);
    throw error;
  }
}

/** Undefined: nobody explains this to the user, for want of an API or of the right to ask. */
export async function askIfAllowed(
  session: Session,
  spec: ExplanationSpec,
): Promise<Explanation | undefined> {
  try {
    return await askIfExplained(session, spec);
  } catch (error) {
    if (error instanceof MayNotAskError) return undefined;
    throw error;
  }
}

/** The question, and its answer if there is one. */
export function explanation(spec: ExplanationSpec, status?: ExplanationStatus): Explanation {
  const identity = { apiVersion: apiVersionOf(EXPLANATION), kind: EXPLANATION.kind, metadata: {} };
  return { ...identity, spec, ...(status === undefined ? {} : { status }) };
}
