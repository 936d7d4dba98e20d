/** Commands on what runs: logs, scale, rollouts; and the version. */
import type { Command } from "commander";
import { logs } from "../commands/logs.ts";
import { rolloutHistory, rolloutRestart, rolloutStatus, rolloutUndo } from "../commands/rollout.ts";
import { scale } from "../commands/scale.ts";
import { version } from "../commands/version.ts";
import type { SessionDeps } from "../session.ts";
import { connectionFlags, duration, wholeNumber, withSession } from "./flags.ts";

export function addWorkloadCommands(program: Command, deps: SessionDeps): void {
  addLogs(program, deps);
  addScale(program, deps);
  addRollout(program, deps);
  addVersion(program, deps);
}

type LogsFlags = {
  readonly container?: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tail?: number;
  readonly since?: number;
};

function addLogs(program: Command, deps: SessionDeps): void {
  program
    .command("logs")
    .description("What a container wrote.")
    .argument("<pod>", "a pod, or deployment/name")
    .option("-c, --container <name>", "which container")
    .option("-f, --follow", "keep showing", false)
    .option("-p, --previous", "of the container before the last restart", false)
    .option("--timestamps", "with the time of each line", false)
    .option("--tail <lines>", "only the last lines", wholeNumber("--tail", 0))
    .option("--since <duration>", "only what is newer", duration("--since"))
    .action((target: string, flags: LogsFlags, command: Command) =>
      withSession(command, deps, (session) =>
        logs(session, target, {
          container: flags.container,
          isFollowing: flags.follow,
          isPrevious: flags.previous,
          hasTimestamps: flags.timestamps,
          tail: flags.tail,
          sinceSeconds: flags.since === undefined ? undefined : Math.ceil(flags.since / 1_000),
        }),
      ),
    );
}

function addScale(program: Command, deps: SessionDeps): void {
  program
    .command("scale")
    .description("Set the number of replicas.")
    .argument("<what...>", "deployment/name or replicaset/name")
    .requiredOption("--replicas <count>", "how many", wholeNumber("--replicas", 0))
    .action((what: readonly string[], flags: { readonly replicas: number }, command: Command) =>
      withSession(command, deps, (session) => scale(session, what, flags.replicas)),
    );
}

const DAY_MS = 86_400_000;

function addRollout(program: Command, deps: SessionDeps): void {
  const rollout = program.command("rollout").description("Follow and steer rollouts.");
  rollout
    .command("status")
    .description("Wait until the rollout is complete.")
    .argument("<deployment...>")
    .option(
      "--timeout <duration>",
      "give up after this long (default: 24h)",
      duration("--timeout"),
      DAY_MS,
    )
    .action((what: readonly string[], flags: { readonly timeout: number }, command: Command) =>
      withSession(command, deps, (session) => rolloutStatus(session, what, flags.timeout)),
    );
  rollout
    .command("history")
    .description("The revisions there are.")
    .argument("<deployment...>")
    .action((what: readonly string[], _flags: unknown, command: Command) =>
      withSession(command, deps, (session) => rolloutHistory(session, what)),
    );
  rollout
    .command("undo")
    .description("Back to an earlier revision.")
    .argument("<deployment...>")
    .option("--to-revision <number>", "default: the one before", wholeNumber("--to-revision", 0))
    .action((what: readonly string[], flags: { readonly toRevision?: number }, command: Command) =>
      withSession(command, deps, (session) =>
        rolloutUndo(session, what, flags.toRevision === 0 ? undefined : flags.toRevision),
      ),
    );
  rollout
    .command("restart")
    .description("New pods for the same template.")
    .argument("<deployment...>")
    .action((what: readonly string[], _flags: unknown, command: Command) =>
      withSession(command, deps, (session) => rolloutRestart(session, what)),
    );
}

function addVersion(program: Command, deps: SessionDeps): void {
  program
    .command("version")
    .description("The versions of this program and of the server.")
    .action((_flags: unknown, command: Command) => version(connectionFlags(command), deps));
}
