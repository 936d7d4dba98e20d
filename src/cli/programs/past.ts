/** Commands on what happened, and why. */
import type { Command } from "commander";
import {
  askAboutObject,
  askAtLarge,
  whyNotReadyCommand,
  whyRevision,
  type PastOptions,
} from "../commands/past.ts";
import { diff } from "../commands/diff.ts";
import type { SessionDeps } from "../session.ts";
import { UserError } from "../user-error.ts";
import { withSession, wholeNumber } from "./flags.ts";

type Flags = {
  readonly output?: string;
  readonly revision?: number;
  readonly limit?: number;
  readonly diff?: boolean;
  /** False with --no-status. */
  readonly status?: boolean;
};

export function addPastCommands(program: Command, deps: SessionDeps): void {
  const output = ["-o, --output <format>", "json: the answer as it comes"] as const;
  program
    .command("why")
    .description("Why an object was created, back to the request that led to it.")
    .argument("[what...]", "kind/name")
    .option("--revision <number>", "why this change was made", wholeNumber("--revision", 1))
    .option(...output)
    .action((what: readonly string[], flags: Flags, command: Command) =>
      withSession(command, deps, (session) => {
        const { revision } = flags;
        if (revision !== undefined) return whyRevision(session, revision, what, pastOptions(flags));
        return askAboutObject(session, what, { question: "Why" }, pastOptions(flags));
      }),
    );
  program
    .command("why-not-ready")
    .description("What an object waits for, down to what blocks it, and what happens next.")
    .argument("<what...>", "kind/name")
    .option(...output)
    .action((what: readonly string[], flags: Flags, command: Command) =>
      withSession(command, deps, (session) =>
        whyNotReadyCommand(session, what, pastOptions(flags)),
      ),
    );
  program
    .command("why-deleted")
    .description("Why an object has gone, or is going.")
    .argument("<what...>", "kind/name")
    .option(...output)
    .action((what: readonly string[], flags: Flags, command: Command) =>
      withSession(command, deps, (session) =>
        askAboutObject(session, what, { question: "WhyDeleted" }, pastOptions(flags)),
      ),
    );
  program
    .command("why-changed")
    .description("Why a field of an object has its value.")
    .argument("<what>", "kind/name")
    .argument(
      "<field>",
      "as spec.replicas, spec.containers[0].image or status.conditions[type=Ready]",
    )
    .option(...output)
    .action((what: string, field: string, flags: Flags, command: Command) =>
      withSession(command, deps, (session) =>
        askAboutObject(session, [what], { question: "WhyChanged", field }, pastOptions(flags)),
      ),
    );
  addHistoryCommands(program, deps);
  addControllerCommands(program, deps);
}

function addHistoryCommands(program: Command, deps: SessionDeps): void {
  const output = ["-o, --output <format>", "json: the answer as it comes"] as const;
  program
    .command("history")
    .description("What happened to an object, newest first.")
    .argument("<what...>", "kind/name")
    .option("--limit <number>", "at most so many changes", wholeNumber("--limit", 1))
    .option("--diff", "with every field that changed, in a line of its own", false)
    .option("--no-status", "without changes of status")
    .option(...output)
    .action((what: readonly string[], flags: Flags, command: Command) =>
      withSession(command, deps, (session) => {
        const { limit, diff: hasFields = false, status = true } = flags;
        const most = limit === undefined ? {} : { limit };
        const question = { question: "History", ...(status ? most : {}) } as const;
        const left = { isStatusLeftOut: !status, ...most };
        return askAboutObject(session, what, question, {
          ...pastOptions(flags),
          hasFields,
          ...left,
        });
      }),
    );
  program
    .command("diff")
    .description("What became of an object between two moments.")
    .argument("<what...>", "kind/name")
    .requiredOption(
      "--from <when>",
      "a revision, a time with its zone (2026-01-01T12:00:00Z), or how long ago (5m)",
    )
    .option("--to <when>", "the same (default: now)")
    .option(...output)
    .action((what: readonly string[], flags: Flags & { from: string; to?: string }, command) =>
      withSession(command, deps, (session) => {
        const { from, to } = flags;
        return diff(session, what, { from, to, ...pastOptions(flags) });
      }),
    );
}

/** On what changes lead to, and on what controllers do. */
function addControllerCommands(program: Command, deps: SessionDeps): void {
  const output = ["-o, --output <format>", "json: the answer as it comes"] as const;
  program
    .command("who-fights")
    .description("Which fields of an object are changed back and forth, and by whom.")
    .argument("<what...>", "kind/name")
    .option(...output)
    .action((what: readonly string[], flags: Flags, command: Command) =>
      withSession(command, deps, (session) =>
        askAboutObject(session, what, { question: "Fights" }, pastOptions(flags)),
      ),
    );
  program
    .command("blast-radius")
    .description("All that one change led to.")
    .argument("<revision>", "as why and history show them", wholeNumber("<revision>", 1))
    .option(...output)
    .action((revision: number, flags: Flags, command: Command) =>
      withSession(command, deps, (session) =>
        askAtLarge(session, { question: "Consequences", revision }, pastOptions(flags)),
      ),
    );
  program
    .command("hot")
    .description("Which controllers of the control plane work without effect.")
    .option(...output)
    .action((flags: Flags, command: Command) =>
      withSession(command, deps, (session) =>
        askAtLarge(session, { question: "Hot" }, pastOptions(flags)),
      ),
    );
  program
    .command("lag")
    .description("How far behind the views are that its controllers read from.")
    .option(...output)
    .action((flags: Flags, command: Command) =>
      withSession(command, deps, (session) =>
        askAtLarge(session, { question: "Lag" }, pastOptions(flags)),
      ),
    );
}

function pastOptions({ output }: Flags): PastOptions {
  if (output === undefined) return { format: "text" };
  if (output === "json") return { format: "json" };
  throw new UserError(`-o ${output} is not known`, "Use json, or leave it out.");
}
