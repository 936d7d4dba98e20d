/** `migrate sites`: brings all objects of a kind into the version that is stored now. */
import { CustomResourceDefinition } from "../../client/builtin.ts";
import {
  migrateStorage,
  MigrationError,
  type MigrationProgress,
} from "../../client/resource/migration/migrate-storage.ts";
import { isStatus } from "../../machinery/status.ts";
import { LiveLines } from "../printers/live-lines.ts";
import type { Session } from "../session.ts";
import { UserError } from "../user-error.ts";

export type MigrateOptions = {
  readonly writesPerSecondMax: number;
  readonly settleMs: number;
};

/** Lines of a log, where no terminal shows a line that changes. */
const LOG_LINES = 10;

export async function migrate(
  session: Session,
  word: string,
  options: MigrateOptions,
): Promise<void> {
  const { client, env, context, terminal } = session;
  const found = (await session.mapper()).resolve(word);
  const name = `${found.resource}.${found.group}`;
  const definition = await client
    .get(CustomResourceDefinition, { namespace: "", name }, context)
    .catch((cause: unknown) => {
      if (!isStatus(cause, "NotFound")) throw cause;
      const hint = "Only kinds that a CustomResourceDefinition defines have versions to leave.";
      throw new UserError(`${found.kind} is not a custom resource`, hint, { cause });
    });
  const version = definition.spec.versions.find(({ storage }) => storage)?.name ?? "";
  const before = definition.status.storedVersions ?? [];
  if (before.length === 1 && before[0] === version) {
    terminal.write(`${name}: everything is stored in ${version} already\n`);
    return;
  }
  terminal.write(`${name}: from ${before.join(", ")} to ${version}\n`);
  const onProgress = progressTo(session);
  try {
    const run = { ...options, onProgress };
    const { done, written } = await migrateStorage(
      { ...found, version },
      { client, env },
      context,
      run,
    );
    terminal.write(`${name}: ${done} objects are stored in ${version}, ${written} by this run\n`);
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    throw new UserError(error.message, undefined, { cause: error });
  }
}

function progressTo({ terminal }: Session): (progress: MigrationProgress) => void {
  const lines = new LiveLines(terminal);
  let shown = -1;
  return ({ done, failed, total }) => {
    const part = total === 0 ? LOG_LINES : Math.floor(((done + failed) * LOG_LINES) / total);
    if (!terminal.isInteractive && part === shown) return;
    shown = part;
    const failures = failed === 0 ? "" : `, ${failed} failed`;
    lines.show([{ key: "objects", text: `${done} of ${total}${failures}` }]);
  };
}
