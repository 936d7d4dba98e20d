/**
 * `uninstall -f install.yaml`: takes away what the manifests of an operator brought, in an order in
 * which nothing hangs. It may be stopped and run again at any time.
 */
import type { ResourceType } from "../../client/resource-type.ts";
import { CustomResourceDefinition, Deployment } from "../../client/builtin.ts";
import { UnknownKindError } from "../../client/rest-mapper.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import { isStatus } from "../../machinery/status.ts";
import {
  drain,
  ignoringGone,
  instancesOf,
  stripFinalizers,
  type Left,
} from "../uninstall/drain.ts";
import { leftovers } from "../uninstall/leftovers.ts";
import {
  isConvertedByProgram,
  isWorkload,
  kindOfDefinition,
  stagesOf,
  type Stages,
} from "../uninstall/order.ts";
import type { Manifest } from "../manifests.ts";
import type { Session } from "../session.ts";
import { ExitCode, UserError } from "../user-error.ts";
import { placed } from "./apply.ts";
import { kindPrefix } from "./get.ts";

export type UninstallOptions = {
  readonly manifests: readonly Manifest[];
  /** How long finalizers, and each thing that is deleted, are waited for. */
  readonly timeoutMs: number;
  /** Whether objects of the kinds may be deleted with them. */
  readonly deletesObjects: boolean;
  /** Leave definitions, and with them all objects, where they are. */
  readonly keepsDefinitions: boolean;
  /** Take away finalizers that nobody takes away in time. */
  readonly stripsFinalizers: boolean;
  /** Say what would be done, and do nothing. */
  readonly isDryRun: boolean;
};

const SHOWN_MAX = 20;
const POLL_MS = 500;

export async function uninstall(session: Session, options: UninstallOptions): Promise<void> {
  const stages = stagesOf(options.manifests);
  const types = options.keepsDefinitions ? [] : await kindsOf(stages.definitions, session);
  await refuseObjects(types, options, session);
  if (options.isDryRun) return tellPlan(stages, options, session);
  if (options.keepsDefinitions) tellUnconverted(stages.definitions, session);
  await remove(stages.configurations, options, session);
  await drainAll(types, stages, options, session);
  await remove(stages.program, options, session);
  await remove(stages.configurations, options, session); // the program may have made them again
  await remove(stages.access, options, session);
  if (!options.keepsDefinitions) await remove(stages.definitions, options, session);
  for (const each of stages.namespaces) await removeNamespace(each, options, session);
}

/** In a version that is served; a definition that is not there has no objects. */
async function kindsOf(
  definitions: readonly Manifest[],
  { client, context }: Session,
): Promise<readonly ResourceType[]> {
  const types: ResourceType[] = [];
  for (const manifest of definitions) {
    const place = kindOfDefinition(manifest);
    if (place === undefined) continue;
    try {
      const key = { namespace: "", name: manifest.name };
      const { spec } = await client.get(CustomResourceDefinition, key, context);
      const served = spec.versions.filter((version) => version.served);
      const version = served.find(({ storage }) => storage) ?? served[0];
      if (version !== undefined) types.push({ ...place, version: version.name });
    } catch (error) {
      if (!isStatus(error, "NotFound")) throw error;
    }
  }
  return types;
}

/** With a definition go all objects of it: that must be said by whoever wants it. */
async function refuseObjects(
  types: readonly ResourceType[],
  { deletesObjects, isDryRun }: UninstallOptions,
  session: Session,
): Promise<void> {
  if (deletesObjects || isDryRun) return;
  const found = await instancesOf(types, session);
  if (found.length === 0) return;
  throw new UserError(
    `there are objects of its kinds: ${countsOf(found)}`,
    "--delete-objects deletes them too, and all they stand for; --keep-definitions leaves them\n" +
      "and their definitions, and takes away only the program. Nothing has been changed.",
  );
}

/** What is kept can be read in the version it is stored in, and in no other. */
function tellUnconverted(definitions: readonly Manifest[], { terminal }: Session): void {
  const names = definitions.filter(isConvertedByProgram).map(({ name }) => name);
  if (names.length === 0) return;
  terminal.warn(
    `The program converts versions of ${names.join(", ")}: without it, they are served as they ` +
      "are stored only.\n",
  );
}

async function drainAll(
  types: readonly ResourceType[],
  stages: Stages,
  { timeoutMs, stripsFinalizers: strips }: UninstallOptions,
  session: Session,
): Promise<void> {
  const { terminal } = session;
  const isIdle = !(await isRunning(stages.program, session));
  if (isIdle && types.length > 0 && (await instancesOf(types, session)).length > 0) {
    terminal.warn("The program has no ready pod: nobody takes its finalizers away.\n");
  }
  const left = await drain(types, isIdle && strips ? 0 : timeoutMs, session, (now) => {
    if (now.length > 0) terminal.write(`waiting for ${countsOf(now)} to go\n`);
  });
  if (left.length === 0) return;
  if (!strips) throw stuck(left, timeoutMs, session);
  terminal.warn(`Finalizers are taken away; what they guarded outside of the cluster stays:\n`);
  terminal.warn(linesOf(left));
  await stripFinalizers(left, session);
  const still = await drain(types, timeoutMs, session, () => undefined);
  if (still.length > 0) throw stuck(still, timeoutMs, session);
}

function stuck(left: readonly Left[], timeoutMs: number, { terminal }: Session): UserError {
  terminal.warn(linesOf(left));
  return new UserError(
    `${countsOf(left)} did not go within ${timeoutMs / 1_000} s`,
    "The program is still installed: its logs may say what it waits for. Then run this again,\n" +
      "or with --strip-finalizers, which leaves behind what the finalizers guard.",
  );
}

function linesOf(left: readonly Left[]): string {
  const lines = left.slice(0, SHOWN_MAX).map(({ type, object: { metadata } }) => {
    const { namespace, name = "", finalizers = [], deletionTimestamp } = metadata;
    const key = namespace === undefined ? name : `${namespace}/${name}`;
    const held = finalizers.length === 0 ? "no finalizers" : `held by ${finalizers.join(", ")}`;
    const since = deletionTimestamp === undefined ? "" : `, deleted at ${deletionTimestamp}`;
    return `  ${kindPrefix(type)} ${key}: ${held}${since}\n`;
  });
  const more = left.length - lines.length;
  return lines.join("") + (more > 0 ? `  and ${more} more\n` : "");
}

/** `3 Site, 1 Database` */
function countsOf(left: readonly Left[]): string {
  const kinds = Map.groupBy(left, ({ type }) => type.kind);
  return [...kinds].map(([kind, of]) => `${of.length} ${kind}`).join(", ");
}

/** Whether a Deployment of the program has a pod that is ready; true where it has none of them. */
async function isRunning(program: readonly Manifest[], session: Session): Promise<boolean> {
  const deployments = program.filter(({ kind }) => kind === "Deployment");
  if (deployments.length === 0) return true;
  const counts = await Promise.all(
    deployments.map(async (manifest) => {
      const key = keyOf(placed(manifest, Deployment, session.namespace));
      const found = session.client.get(Deployment, key, session.context);
      return found.then(
        ({ status }) => status.readyReplicas ?? 0,
        (error: unknown) => (isStatus(error, "NotFound") ? 0 : Promise.reject(error)),
      );
    }),
  );
  return counts.some((count) => count > 0);
}

/** Deletes, and waits until they are gone; pods go with what they belong to. */
async function remove(
  manifests: readonly Manifest[],
  { timeoutMs }: Pick<UninstallOptions, "timeoutMs">,
  session: Session,
): Promise<void> {
  for (const manifest of manifests) {
    const target = await targetOf(manifest, session);
    if (target === undefined) continue;
    const { type, key } = target;
    const { client, context, terminal } = session;
    const propagationPolicy = isWorkload(manifest) ? "Foreground" : "Background";
    const isThere = await ignoringGone(client.delete(type, key, context, { propagationPolicy }));
    if (!isThere) continue;
    await gone(type, key, timeoutMs, session);
    terminal.write(`${kindPrefix(type)} "${key.name}" removed\n`);
  }
}

/** Undefined: the server does not even know the kind. */
async function targetOf(
  manifest: Manifest,
  session: Session,
): Promise<{ readonly type: ResourceType; readonly key: ObjectKey } | undefined> {
  try {
    const type = (await session.mapper()).forKind(manifest.apiVersion, manifest.kind);
    return { type, key: keyOf(placed(manifest, type, session.namespace)) };
  } catch (error) {
    if (error instanceof UnknownKindError) return undefined;
    throw error;
  }
}

async function gone(
  type: ResourceType,
  key: ObjectKey,
  timeoutMs: number,
  { client, env, context }: Session,
): Promise<void> {
  const endMs = env.clock.monotonic() + timeoutMs;
  while (await ignoringGone(client.get(type, key, context))) {
    if (env.clock.monotonic() >= endMs) {
      throw new UserError(
        `${kindPrefix(type)} "${key.name}" is not gone after ${timeoutMs / 1_000} s`,
        "See its finalizers with: setpoint get -o yaml. Then run this again; it goes on from here.",
      );
    }
    await env.timers.sleep(POLL_MS, context.signal);
  }
}

async function removeNamespace(
  manifest: Manifest,
  options: UninstallOptions,
  session: Session,
): Promise<void> {
  const others = await leftovers(manifest.name, SHOWN_MAX, session);
  if (others.length === 0) return remove([manifest], options, session);
  session.terminal.warn(
    `The namespace ${manifest.name} stays, as others are in it: ${others.join(", ")}\n`,
  );
}

async function tellPlan(
  stages: Stages,
  { keepsDefinitions, deletesObjects }: UninstallOptions,
  session: Session,
): Promise<void> {
  const { terminal } = session;
  const types = keepsDefinitions ? [] : await kindsOf(stages.definitions, session);
  const found = await instancesOf(types, session);
  const name = ({ kind, name: of }: Manifest): string => `  ${kind} ${of}\n`;
  const list = (title: string, of: readonly Manifest[]): void => {
    if (of.length > 0) terminal.write(`${title}\n${of.map(name).join("")}`);
  };
  list("webhook configurations", stages.configurations);
  if (found.length > 0) {
    terminal.write(`objects of its kinds, waiting for their finalizers\n  ${countsOf(found)}\n`);
  }
  list("the program", stages.program);
  list("roles and accounts", stages.access);
  if (!keepsDefinitions) list("definitions", stages.definitions);
  list("namespaces, if nothing else is in them", stages.namespaces);
  if (found.length > 0 && !deletesObjects) {
    terminal.warn("It would be refused without --delete-objects or --keep-definitions.\n");
    throw new ExitCode(1);
  }
}
