/** Commands on objects of any kind. */
import type { Command } from "commander";
import { apply } from "../commands/apply.ts";
import { deleteObjects, type DeleteCommandOptions } from "../commands/delete.ts";
import { describeCommand } from "../commands/describe.ts";
import { get, type OutputFormat } from "../commands/get.ts";
import { parseGoal, wait } from "../commands/wait.ts";
import { readManifests } from "../manifests.ts";
import type { SessionDeps } from "../session.ts";
import { UserError } from "../user-error.ts";
import { collect, duration, wholeNumber, withSession } from "./flags.ts";

export function addObjectCommands(program: Command, deps: SessionDeps): void {
  addApply(program, deps);
  addGet(program, deps);
  addDescribe(program, deps);
  addDelete(program, deps);
  addWait(program, deps);
}

function addApply(program: Command, deps: SessionDeps): void {
  program
    .command("apply")
    .description("Make the stored objects what the manifests say.")
    .requiredOption("-f, --filename <path>", "file, folder or - (repeatable)", collect, [])
    .action((options: { readonly filename: readonly string[] }, command: Command) =>
      withSession(command, deps, async (session) => {
        await apply(session, await readManifests(options.filename));
      }),
    );
}

type GetFlags = {
  readonly output?: string;
  readonly allNamespaces: boolean;
  readonly selector: string;
  readonly fieldSelector: string;
  readonly watch: boolean;
  readonly headers: boolean;
  readonly showLabels: boolean;
  readonly ignoreNotFound: boolean;
  readonly at?: string;
};

function addGet(program: Command, deps: SessionDeps): void {
  program
    .command("get")
    .description("Show objects, one line each, or whole with -o.")
    .argument("<what...>", "kinds, kind names, or kind/name")
    .option("-o, --output <format>", "json, yaml, wide or name")
    .option("-A, --all-namespaces", "in all namespaces", false)
    .option("-l, --selector <query>", "label selector", "")
    .option("--field-selector <query>", "field selector", "")
    .option("-w, --watch", "keep showing changes", false)
    .option("--no-headers", "without headings")
    .option("--show-labels", "with a column of labels", false)
    .option("--at <when>", "as it was: at a revision, a time (RFC 3339), or how long ago (5m)")
    .option("--ignore-not-found", "a missing object is no error", false)
    .action((what: readonly string[], flags: GetFlags, command: Command) =>
      withSession(command, deps, (session) =>
        get(session, what, {
          format: outputFormat(flags.output),
          isAllNamespaces: flags.allNamespaces,
          labelSelector: flags.selector,
          fieldSelector: flags.fieldSelector,
          isWatching: flags.watch,
          hasHeadings: flags.headers,
          showLabels: flags.showLabels,
          ignoreNotFound: flags.ignoreNotFound,
          at: flags.at,
        }),
      ),
    );
}

function outputFormat(text: string | undefined): OutputFormat {
  switch (text) {
    case undefined:
      return "table";
    case "json":
    case "yaml":
    case "wide":
    case "name":
      return text;
    default:
      throw new UserError(`-o ${text} is not known`, "Use json, yaml, wide or name.");
  }
}

function addDescribe(program: Command, deps: SessionDeps): void {
  program
    .command("describe")
    .description("A page for people about each object, with its events.")
    .argument("<what...>", "kinds, kind names, or kind/name")
    .action((what: readonly string[], _flags: unknown, command: Command) =>
      withSession(command, deps, (session) => describeCommand(session, what)),
    );
}

type DeleteFlags = {
  readonly filename: readonly string[];
  readonly selector: string;
  readonly all: boolean;
  readonly wait: boolean;
  readonly ignoreNotFound: boolean;
  readonly cascade: string;
  readonly gracePeriod?: number;
  readonly now: boolean;
};

function addDelete(program: Command, deps: SessionDeps): void {
  program
    .command("delete")
    .description("Delete objects, and wait until they are gone.")
    .argument("[what...]", "kinds, kind names, or kind/name")
    .option("-f, --filename <path>", "what these manifests name (repeatable)", collect, [])
    .option("-l, --selector <query>", "label selector", "")
    .option("--all", "all objects of the kind", false)
    .option("--no-wait", "do not wait until they are gone")
    .option("--ignore-not-found", "a missing object is no error", false)
    .option("--cascade <how>", "background (default), foreground or orphan", "background")
    .option("--grace-period <seconds>", "time to stop", wholeNumber("--grace-period", 0))
    .option("--now", "the same as --grace-period=1", false)
    .action((what: readonly string[], flags: DeleteFlags, command: Command) =>
      withSession(command, deps, async (session) => {
        const manifests = flags.filename.length > 0 ? await readManifests(flags.filename) : [];
        await deleteObjects(session, what, {
          manifests,
          labelSelector: flags.selector,
          isAll: flags.all,
          isWaiting: flags.wait,
          ignoreNotFound: flags.ignoreNotFound,
          cascade: cascade(flags.cascade),
          gracePeriodSeconds: flags.now ? 1 : flags.gracePeriod,
        });
      }),
    );
}

function cascade(text: string): DeleteCommandOptions["cascade"] {
  if (text === "background" || text === "foreground" || text === "orphan") return text;
  throw new UserError(`--cascade ${text} is not known`, "Use background, foreground or orphan.");
}

type WaitFlags = {
  readonly for: string;
  readonly timeout: number;
  readonly selector: string;
  readonly all: boolean;
};

function addWait(program: Command, deps: SessionDeps): void {
  program
    .command("wait")
    .description("Wait until objects meet a condition.")
    .argument("<what...>", "kinds, kind names, or kind/name")
    .requiredOption("--for <goal>", "condition=Ready, delete, create or jsonpath={.a.b}=c")
    .option(
      "--timeout <duration>",
      "give up after this long (default: 30s)",
      duration("--timeout"),
      30_000,
    )
    .option("-l, --selector <query>", "label selector", "")
    .option("--all", "all objects of the kind", false)
    .action((what: readonly string[], flags: WaitFlags, command: Command) =>
      withSession(command, deps, (session) =>
        wait(session, what, {
          goal: parseGoal(flags.for),
          timeoutMs: flags.timeout,
          labelSelector: flags.selector,
          isAll: flags.all,
        }),
      ),
    );
}
