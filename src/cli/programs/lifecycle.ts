/** Commands on the life of an installation: new versions of its kinds, and its end. */
import type { Command } from "commander";
import {
  MIGRATION_SETTLE_MS,
  MIGRATION_WRITES_PER_SECOND,
} from "../../client/resource/migration/migrate-storage.ts";
import { migrate } from "../commands/migrate.ts";
import { uninstall } from "../commands/uninstall.ts";
import { readManifests } from "../manifests.ts";
import type { SessionDeps } from "../session.ts";
import { collect, duration, wholeNumber, withSession } from "./flags.ts";

export function addLifecycleCommands(program: Command, deps: SessionDeps): void {
  addMigrate(program, deps);
  addUninstall(program, deps);
}

type MigrateFlags = { readonly rate: number; readonly settle: number };

function addMigrate(program: Command, deps: SessionDeps): void {
  program
    .command("migrate")
    .description(
      "Write all objects of a kind once more, so that none is stored in an older version; then " +
        "its definition may drop that version. May be stopped and run again.",
    )
    .argument("<kind>", "a custom resource, for example sites or sites.example.dev")
    .option(
      "--rate <count>",
      `writes in a second, at most (default: ${MIGRATION_WRITES_PER_SECOND})`,
      wholeNumber("--rate", 1),
      MIGRATION_WRITES_PER_SECOND,
    )
    .option(
      "--settle <duration>",
      "wait first until all API servers know the definition (default: 10s)",
      duration("--settle"),
      MIGRATION_SETTLE_MS,
    )
    .action((kind: string, { rate, settle }: MigrateFlags, command: Command) =>
      withSession(command, deps, (session) =>
        migrate(session, kind, { writesPerSecondMax: rate, settleMs: settle }),
      ),
    );
}

type UninstallFlags = {
  readonly filename: readonly string[];
  readonly timeout: number;
  readonly deleteObjects: boolean;
  readonly keepDefinitions: boolean;
  readonly stripFinalizers: boolean;
  readonly dryRun: boolean;
};

const DRAIN_MS = 300_000;

function addUninstall(program: Command, deps: SessionDeps): void {
  program
    .command("uninstall")
    .description(
      "Take away an operator in the order in which nothing hangs: webhook configurations, " +
        "objects of its kinds (while it still runs), the program, roles, definitions, namespace.",
    )
    .option(
      "-f, --filename <path>",
      "the manifests it was installed with (repeatable)",
      collect,
      [],
    )
    .option("--delete-objects", "also the objects of its kinds, and what they stand for", false)
    .option("--keep-definitions", "leave definitions, and with them all objects", false)
    .option(
      "--timeout <duration>",
      "how long finalizers are waited for (default: 5m)",
      duration("--timeout"),
      DRAIN_MS,
    )
    .option("--strip-finalizers", "take away those that nobody takes away in time", false)
    .option("--dry-run", "only say what would go, in which order", false)
    .action((flags: UninstallFlags, command: Command) =>
      withSession(command, deps, async (session) =>
        uninstall(session, {
          manifests: await readManifests(flags.filename),
          timeoutMs: flags.timeout,
          deletesObjects: flags.deleteObjects,
          keepsDefinitions: flags.keepDefinitions,
          stripsFinalizers: flags.stripFinalizers,
          isDryRun: flags.dryRun,
        }),
      ),
    );
}
