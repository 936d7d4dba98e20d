/** `diff`: what became of one object between two moments. */
import type { ResourceType } from "../../client/resource-type.ts";
import { exactText } from "../../machinery/codec/exact-json.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import { isStatus } from "../../machinery/status.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { fieldChangesOf, withoutSecrets } from "../../trace/field-changes.ts";
import { objectNamed } from "./past.ts";
import { objectAt, revisionAt } from "../past-objects.ts";
import { fieldChangeLines } from "../printers/field-changes.ts";
import type { Session } from "../session.ts";
import { UserError } from "../user-error.ts";

export type DiffOptions = {
  /** As people say it. */
  readonly from: string;
  /** Undefined: now. */
  readonly to: string | undefined;
  readonly format: "text" | "json";
};

export async function diff(
  session: Session,
  words: readonly string[],
  { from, to, format }: DiffOptions,
): Promise<void> {
  const { type, key } = await objectNamed(session, words);
  await refuseBackwards({ from, to }, session);
  const before = await stateAt({ type, key, when: from, flag: "--from" }, session);
  const after = await stateAt({ type, key, when: to, flag: "--to" }, session);
  const name = `${type.kind} ${key.name}`;
  if (before === undefined && after === undefined) {
    throw new UserError(`there was no ${name} then, neither at the one moment nor at the other`);
  }
  const fields = fieldChangesOf(before, after, exactText);
  if (format === "json") {
    const { terminal } = session;
    const states = {
      ...(before === undefined ? {} : { before: withoutSecrets(before) }),
      ...(after === undefined ? {} : { after: withoutSecrets(after) }),
    };
    terminal.write(`${JSON.stringify({ ...states, fields }, undefined, 2)}\n`);
    return;
  }
  if (before === undefined) session.terminal.warn(`there was no ${name} at first\n`);
  if (after === undefined) session.terminal.warn(`there was no ${name} any more in the end\n`);
  if (fields.length === 0) session.terminal.warn("nothing is different\n");
  for (const line of fieldChangeLines(fields)) session.terminal.write(`${line}\n`);
}

/** Both must be moments that are known, and in their order. */
async function refuseBackwards(
  { from, to }: { readonly from: string; readonly to: string | undefined },
  session: Session,
): Promise<void> {
  if (to === undefined) return;
  const first = await revisionAt(from, "--from", session);
  const last = await revisionAt(to, "--to", session);
  if (first <= last) return;
  throw new UserError(
    `--from ${from} (revision ${first}) is later than --to ${to} (revision ${last})`,
    "Exchange them.",
  );
}

async function stateAt(
  wanted: {
    readonly type: ResourceType;
    readonly key: ObjectKey;
    readonly when: string | undefined;
    readonly flag: string;
  },
  session: Session,
): Promise<ApiObject | undefined> {
  const { type, key, when, flag } = wanted;
  if (when !== undefined) {
    return objectAt(type, key, await revisionAt(when, flag, session), session);
  }
  try {
    return await session.client.get(type, key, session.context);
  } catch (error) {
    if (isStatus(error, "NotFound")) return undefined;
    throw error;
  }
}
