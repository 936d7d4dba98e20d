/**
 * Storage version migration: every object of a kind is written once more, unchanged, so that the
 * server keeps it in the version that is stored now. Then no object of an older version is left,
 * the definition says so (`status.storedVersions`), and the older version may be taken out of it.
 *
 *     wait until all API servers know the definition, note the revision of now  ->  the definition
 *     each object that has not been written since  ->  an empty patch
 *     status.storedVersions = [that version]
 *
 * What is noted makes it resumable: whoever goes on later skips what was written since, by this or
 * by anybody. It may be run twice at once and stopped at any time.
 */
import type { Context } from "../../../base/context.ts";
import { errorText } from "../../../base/error-text.ts";
import type { Env } from "../../../base/env.ts";
import { keyOf, keyText } from "../../../machinery/key.ts";
import { own, type ApiObject } from "../../../machinery/object.ts";
import { isStatus, StatusError } from "../../../machinery/status.ts";
import { CustomResourceDefinition } from "../../builtin.ts";
import type { Client } from "../../client.ts";
import type { ResourceType } from "../../resource-type.ts";

/** Of the definition, while a migration is under way: version and revision it began at. */
export const MIGRATION_ANNOTATION = "setpoint.dev/storage-migration";
/** Objects of one list request. */
export const MIGRATION_PAGE = 100;
/** Writes in a second, unless told. */
export const MIGRATION_WRITES_PER_SECOND = 50;
/** How long other API servers may need to learn of a definition. */
export const MIGRATION_SETTLE_MS = 10_000;
/** Objects that may fail before a migration gives up, to be looked at. */
export const MIGRATION_FAILURES_MAX = 20;

/** How fast stored objects are written anew, and who is told. */
export type MigrationOptions = {
  /** Default 50; each write is one small patch. */
  readonly writesPerSecondMax?: number;
  /** Wait before the first object, for API servers that still write the old version (10 s). */
  readonly settleMs?: number;
  /** After each object, and once before the first. */
  readonly onProgress?: (progress: MigrationProgress) => void;
};

/** How far the migration of one kind is. */
export type MigrationProgress = {
  readonly kind: string;
  readonly version: string;
  /** Objects that are in that version for sure. */
  readonly done: number;
  /** As far as the server tells; grows while objects are added. */
  readonly total: number;
  /** Of `done`, those that were stored in another version until this run. */
  readonly written: number;
  readonly failed: number;
};

/** Some objects could not be written. `failures` has a line for each. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
  readonly failures: readonly string[];
  constructor(what: string, failures: readonly string[]) {
    super([what, ...failures.map((each) => `  - ${each}`)].join("\n"));
    this.failures = failures;
  }
}

type Deps = { readonly client: Client; readonly env: Env };

/**
 * Resolves when all objects are in the version that is stored, which must be that of `type`. Takes
 * get, list and patch on the kind, get and patch on its definition, and update on its status.
 * Rejects with `MigrationError` where objects cannot be written (what has been, stays done), and
 * with the signal's reason when it aborts.
 *
 *     await migrateStorage(Site, { client, env }, context);
 */
export async function migrateStorage<T extends ApiObject>(
  type: ResourceType<T>,
  deps: Deps,
  context: Context,
  options: MigrationOptions = {},
): Promise<MigrationProgress> {
  const definition = await definitionOf(type, deps.client, context);
  const stored = definition.status.storedVersions ?? [];
  const run = new Migration(type, deps, context, options);
  if (stored.length === 1 && stored[0] === type.version) return run.progress;
  await run.everything(await begin(definition, type, deps, context, options));
  await finish(type, stored, deps.client, context);
  return run.progress;
}

/** Throws for a definition that stores another version: nothing could be reached then. */
async function definitionOf(
  type: ResourceType,
  client: Client,
  context: Context,
): Promise<CustomResourceDefinition> {
  const name = `${type.resource}.${type.group}`;
  const definition = await client.get(CustomResourceDefinition, { namespace: "", name }, context);
  const version = definition.spec.versions.find(({ storage }) => storage)?.name ?? "none";
  if (version === type.version) return definition;
  throw new MigrationError(
    `${name} stores ${version}, not ${type.version}: install the definition that stores ` +
      `${type.version} first`,
    [],
  );
}

/** The revision since which every write is of the version that is stored. */
async function begin(
  definition: CustomResourceDefinition,
  type: ResourceType,
  { client, env }: Deps,
  context: Context,
  { settleMs = MIGRATION_SETTLE_MS }: MigrationOptions,
): Promise<bigint | undefined> {
  const noted = own(definition.metadata.annotations ?? {}, MIGRATION_ANNOTATION);
  const [version, revision = ""] = typeof noted === "string" ? noted.split(" ") : [];
  if (version === type.version) return revisionIn(revision);
  await env.timers.sleep(settleMs, context.signal);
  const { metadata } = await client.list(type, { limit: 1 }, context);
  const note = `${type.version} ${metadata.resourceVersion ?? ""}`;
  await annotate(definition.metadata.name ?? "", note, client, context);
  return revisionIn(metadata.resourceVersion ?? "");
}

/** Undefined where revisions are not numbers: then nothing can be skipped. */
function revisionIn(text: string): bigint | undefined {
  return /^[0-9]{1,20}$/.test(text) ? BigInt(text) : undefined;
}

async function annotate(
  name: string,
  note: string | null,
  client: Client,
  context: Context,
): Promise<void> {
  const patch = { metadata: { annotations: { [MIGRATION_ANNOTATION]: note } } };
  const key = { namespace: "", name };
  await client.patch(CustomResourceDefinition, key, { kind: "merge", patch }, context);
}

/** Nobody may have begun to store another version meanwhile. */
async function finish(
  type: ResourceType,
  before: readonly string[],
  client: Client,
  context: Context,
): Promise<void> {
  for (;;) {
    const now = await definitionOf(type, client, context);
    const { storedVersions = [] } = now.status;
    const added = storedVersions.find((each) => each !== type.version && !before.includes(each));
    if (added !== undefined) {
      throw new MigrationError(`${added} was stored meanwhile: run the migration again`, []);
    }
    const status = { ...now.status, storedVersions: [type.version] };
    try {
      await client.updateStatus(CustomResourceDefinition, { ...now, status }, context);
      return await annotate(now.metadata.name ?? "", null, client, context);
    } catch (error) {
      if (!isStatus(error, "Conflict")) throw error; // else somebody wrote it: look again
    }
  }
}

/** One run over all objects. */
class Migration<T extends ApiObject> {
  readonly #type: ResourceType<T>;
  readonly #deps: Deps;
  readonly #context: Context;
  readonly #options: MigrationOptions;
  readonly #failures = new Map<string, string>();
  #nextMs = 0;
  #done = 0;
  #total = 0;
  #written = 0;

  constructor(type: ResourceType<T>, deps: Deps, context: Context, options: MigrationOptions) {
    this.#type = type;
    this.#deps = deps;
    this.#context = context;
    this.#options = options;
  }

  get progress(): MigrationProgress {
    const { kind, version } = this.#type;
    const counts = { done: this.#done, written: this.#written, failed: this.#failures.size };
    return { kind, version, ...counts, total: this.#total };
  }

  async everything(since: bigint | undefined): Promise<void> {
    while ((await this.#pages(since)) === "expired"); // what was written is skipped from now on
    this.#refuseFailures("could not be written");
  }

  async #pages(since: bigint | undefined): Promise<"all" | "expired"> {
    [this.#done, this.#total] = [0, 0];
    let next: string | undefined;
    do {
      const from = next === undefined ? {} : { continue: next };
      try {
        const options = { limit: MIGRATION_PAGE, ...from };
        const { items, metadata } = await this.#deps.client.list(
          this.#type,
          options,
          this.#context,
        );
        this.#total = this.#done + items.length + (metadata.remainingItemCount ?? 0);
        this.#options.onProgress?.(this.progress);
        for (const object of items) await this.#object(object, since);
        next = metadata.continue === "" ? undefined : metadata.continue;
      } catch (error) {
        if (next !== undefined && isStatus(error, "Expired")) return "expired";
        throw error;
      }
    } while (next !== undefined);
    return "all";
  }

  async #object(object: T, since: bigint | undefined): Promise<void> {
    const { resourceVersion = "" } = object.metadata;
    const written = revisionIn(resourceVersion);
    const isNew = since !== undefined && written !== undefined && written > since;
    if (isNew || (await this.#write(object))) this.#done += 1;
    this.#options.onProgress?.(this.progress);
  }

  /** The server writes an object whose stored form is not what it would be now, and only then. */
  async #write(object: T): Promise<boolean> {
    const { client } = this.#deps;
    const { uid, resourceVersion } = object.metadata;
    const key = keyOf(object);
    await this.#pace();
    try {
      const patch = { metadata: { uid, resourceVersion } };
      const after = await client.patch(this.#type, key, { kind: "merge", patch }, this.#context);
      if (after.metadata.resourceVersion !== resourceVersion) this.#written += 1;
      this.#failures.delete(keyText(key));
      return true;
    } catch (error) {
      // Somebody else has just written it, or it is gone.
      if (isStatus(error, "Conflict") || isStatus(error, "NotFound")) return true;
      if (!(error instanceof StatusError) || isStatus(error, "Unauthorized")) throw error;
      this.#failures.set(keyText(key), `${keyText(key)}: ${errorText(error)}`);
      if (this.#failures.size >= MIGRATION_FAILURES_MAX) this.#refuseFailures("or more failed");
      return false;
    }
  }

  async #pace(): Promise<void> {
    const { clock, timers } = this.#deps.env;
    const { writesPerSecondMax = MIGRATION_WRITES_PER_SECOND } = this.#options;
    this.#context.signal.throwIfAborted();
    const waitMs = this.#nextMs - clock.monotonic();
    if (waitMs > 0) await timers.sleep(waitMs, this.#context.signal);
    this.#nextMs = clock.monotonic() + 1_000 / writesPerSecondMax;
  }

  #refuseFailures(what: string): void {
    const { size } = this.#failures;
    if (size === 0) return;
    const { kind, version } = this.#type;
    throw new MigrationError(
      `${size} objects of ${kind} ${what} in ${version}; the others are done. Mend these, and ` +
        "run the migration again:",
      [...this.#failures.values()],
    );
  }
}
