/** Objects as they were: at a revision, or at a time. */
import type { ResourceType } from "../client/resource-type.ts";
import { apiTime, parseApiTime, parseZonedTime } from "../machinery/api-time.ts";
import type { ObjectKey } from "../machinery/key.ts";
import type { ApiObject } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import { askIfExplained } from "./explanations.ts";
import { duration } from "./programs/flags.ts";
import type { Session } from "./session.ts";
import { UserError } from "./user-error.ts";

/** The revision that `--at 812`, `--at 2026-01-01T12:00:00Z` or `--at 5m` (ago) means. */
export async function revisionAt(text: string, flag: string, session: Session): Promise<number> {
  const revision = Number(text.replace(/^@/, ""));
  if (Number.isSafeInteger(revision) && revision > 0) return revision;
  const time = timeOf(text, flag, session.env.clock.now());
  const answer = await askIfExplained(session, { question: "RevisionAt", time });
  if (answer === undefined) {
    throw new UserError(
      "this API server does not know which revision it had at a time",
      `Name the revision itself: ${flag} 812.`,
    );
  }
  const { revision: found, problem = "no revision is known of that time" } = answer.status ?? {};
  if (found === undefined) throw new UserError(problem);
  return found;
}

/** Undefined: there was none. */
export async function objectAt(
  type: ResourceType,
  { namespace, name }: ObjectKey,
  revision: number,
  session: Session,
): Promise<ApiObject | undefined> {
  const options = {
    ...(namespace === "" ? {} : { namespace }),
    fieldSelector: `metadata.name=${name}`,
    ...exactly(revision),
  };
  const list = await unlessForgotten(revision, () =>
    session.client.list(type, options, session.context),
  );
  const { group, version, kind } = type;
  const [object] = list.items;
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return object && { ...object, apiVersion, kind };
}

/** Asks for the state of exactly this revision. */
export function exactly(revision: number): {
  readonly resourceVersion: string;
  readonly resourceVersionMatch: "Exact";
} {
  return { resourceVersion: String(revision), resourceVersionMatch: "Exact" };
}

/** Says in words what it means when a server has forgotten a revision, or never had it. */
export async function unlessForgotten<T>(revision: number, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isStatus(error, "Expired") || isStatus(error, "Gone")) {
      throw new UserError(
        `revision ${revision} is older than what this server keeps`,
        "Setpoint keeps what `setpoint up --history` says, a day unless told otherwise.",
      );
    }
    const isFuture =
      isStatus(error, "Timeout") && /[Tt]oo large resource version/.test(error.message);
    if (isFuture) throw new UserError(`revision ${revision} has not been made yet`);
    throw error;
  }
}

function timeOf(text: string, flag: string, nowMs: number): string {
  if (!Number.isNaN(parseZonedTime(text))) return text;
  if (/^(?:[0-9.]+(?:ms|s|m|h))+$/.test(text)) return apiTime(nowMs - duration(flag)(text));
  if (!Number.isNaN(parseApiTime(text))) {
    throw new UserError(
      `${flag} ${text} does not say a time and its zone`,
      "For example: 2026-01-01T12:00:00Z, or 2026-01-01T12:00:00+01:00.",
    );
  }
  throw new UserError(
    `${flag} takes a revision, a time or how long ago, not "${text}"`,
    "For example: 812, 2026-01-01T12:00:00Z, or 5m.",
  );
}
