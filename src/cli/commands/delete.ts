/** `delete`: by name, by selector, or what manifests name; waits until it is gone. */
import type { DeleteOptions } from "../../client/client.ts";
import { keyOf } from "../../machinery/key.ts";
import { isStatus } from "../../machinery/status.ts";
import type { Manifest } from "../manifests.ts";
import type { Session } from "../session.ts";
import { targetObjects, type TargetObject } from "../target-objects.ts";
import { explainError, ExitCode } from "../user-error.ts";
import { placed } from "./apply.ts";
import { kindPrefix } from "./get.ts";

export type DeleteCommandOptions = {
  readonly manifests: readonly Manifest[];
  readonly labelSelector: string;
  readonly isAll: boolean;
  readonly isWaiting: boolean;
  readonly ignoreNotFound: boolean;
  readonly cascade: "background" | "foreground" | "orphan";
  readonly gracePeriodSeconds: number | undefined;
};

const POLICIES = {
  background: "Background",
  foreground: "Foreground",
  orphan: "Orphan",
} as const;

/** How often to look whether an object is gone, in milliseconds. */
const POLL_MS = 250;

export async function deleteObjects(
  session: Session,
  words: readonly string[],
  options: DeleteCommandOptions,
): Promise<void> {
  const targets = await targetsOf(session, words, options);
  if (targets.length === 0) session.terminal.write("No resources found\n");
  const seconds = options.gracePeriodSeconds;
  const how: DeleteOptions = {
    propagationPolicy: POLICIES[options.cascade],
    ...(seconds === undefined ? {} : { gracePeriodSeconds: seconds }),
  };
  let failures = 0;
  const leaving: TargetObject[] = [];
  for (const target of targets) {
    try {
      await session.client.delete(target.type, target.key, session.context, how);
      leaving.push(target);
      session.terminal.write(`${kindPrefix(target.type)} "${target.key.name}" deleted\n`);
    } catch (error) {
      if (isStatus(error, "NotFound") && options.ignoreNotFound) continue;
      const text = explainError(error);
      if (text === undefined || session.context.signal.aborted) throw error;
      failures += 1;
      session.terminal.warn(`${text}\n`);
    }
  }
  if (options.isWaiting) for (const target of leaving) await waitUntilGone(session, target);
  if (failures > 0) throw new ExitCode(1);
}

async function targetsOf(
  session: Session,
  words: readonly string[],
  options: DeleteCommandOptions,
): Promise<readonly TargetObject[]> {
  if (options.manifests.length > 0) {
    const mapper = await session.mapper();
    return options.manifests.map((manifest) => {
      const type = mapper.forKind(manifest.apiVersion, manifest.kind);
      return { type, key: keyOf(placed(manifest, type, session.namespace)) };
    });
  }
  return targetObjects(session, words, options);
}

async function waitUntilGone(session: Session, { type, key }: TargetObject): Promise<void> {
  let uid: string | undefined;
  for (;;) {
    try {
      const object = await session.client.get(type, key, session.context);
      uid ??= object.metadata.uid;
      if (object.metadata.uid !== uid) return;
    } catch (error) {
      if (isStatus(error, "NotFound")) return;
      throw error;
    }
    await session.env.timers.sleep(POLL_MS, session.context.signal);
  }
}
