/**
 * Looks again and again whether other API servers are there and what they serve. What it finds is
 * written as the condition `Available` of their API services, and told by discovery.
 */
import type { APIService } from "../../apis/apiregistration/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { equalValues } from "../../machinery/json-value.ts";
import type { Fields } from "../../machinery/object.ts";
import type { RemoteVersion } from "../discovery/remote-groups.ts";
import type { ApiServiceIndex, RemoteService } from "./api-service-index.ts";
import { isAvailable } from "./answer-remotely.ts";
import { checkRemote, type Availability, type CheckDeps } from "./check-remote.ts";
import { API_SERVICES, type OwnRequest } from "./own-requests.ts";
import { fetchRemote } from "./remote-discovery.ts";
import { Wakeup } from "./wakeup.ts";

/** Between two looks at a server that was there. */
export const LOOK_MS = 10_000;
/** Between the first two looks at one that was not; each time twice as long, up to `LOOK_MS`. */
export const RETRY_MS_MIN = 1_000;
/** How long what a server serves is believed. */
export const DISCOVERY_MS = 60_000;

/** What is known of a server. */
type Known = {
  spec: APIService["spec"];
  dueMs: number;
  waitMs: number;
  /** Undefined: it never said. */
  entries: readonly Fields[] | undefined;
  fetchedMs: number;
};

export type RemoteKeeperDeps = CheckDeps & {
  readonly index: ApiServiceIndex;
};

export class RemoteKeeper {
  readonly #deps: RemoteKeeperDeps;
  readonly #known = new Map<string, Known>();

  constructor(deps: RemoteKeeperDeps) {
    this.#deps = deps;
  }

  /** For discovery: of servers that are not there, what they last said. */
  versions(): readonly RemoteVersion[] {
    return this.#deps.index.remotes().map((remote) => {
      const { groupPriorityMinimum, versionPriority } = remote.apiService.spec;
      const entries = this.#known.get(remote.name)?.entries;
      return {
        group: remote.group,
        version: remote.version,
        groupPriority: groupPriorityMinimum,
        versionPriority,
        entries: entries ?? [],
        isStale: entries === undefined || !isAvailable(remote),
      };
    });
  }

  /** Lives until the signal aborts. */
  async run(request: OwnRequest, context: Context): Promise<void> {
    const { index, env, resources } = this.#deps;
    const { signal } = context;
    const wakeup = new Wakeup(signal);
    index.onChange(() => {
      resources.touch(); // discovery is made anew
      wakeup.wake();
    }, signal);
    await index.synced();
    while (!signal.aborted) {
      await env.timers.yield();
      wakeup.reset();
      const due = this.#due();
      await Promise.all(due.map((remote) => this.#look(remote, request, context)));
      const waits = [...this.#known.values()].map(({ dueMs }) => dueMs - env.clock.monotonic());
      const timer =
        waits.length === 0
          ? undefined
          : env.timers.after(Math.max(0, Math.min(...waits)), () => wakeup.wake());
      await wakeup.next();
      timer?.cancel();
    }
  }

  /** Those it is time to look at: new ones and changed ones at once. */
  #due(): readonly RemoteService[] {
    const { index, env } = this.#deps;
    const nowMs = env.clock.monotonic();
    const remotes = index.remotes();
    const names = new Set(remotes.map(({ name }) => name));
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
    return remotes.filter(({ name, apiService: { spec } }) => {
      const known = this.#known.get(name);
      if (known !== undefined && equalValues(known.spec, spec)) return known.dueMs <= nowMs;
      const fresh = { entries: undefined, fetchedMs: -DISCOVERY_MS };
      this.#known.set(name, { spec, dueMs: nowMs, waitMs: RETRY_MS_MIN, ...fresh });
      return true;
    });
  }

  async #look(remote: RemoteService, request: OwnRequest, context: Context): Promise<void> {
    const { env, resources } = this.#deps;
    const known = this.#known.get(remote.name);
    if (known === undefined) return;
    const found = await checkRemote(remote, this.#deps, context);
    const isThere = found.status === "True";
    known.waitMs = isThere ? RETRY_MS_MIN : Math.min(known.waitMs * 2, LOOK_MS);
    const nowMs = env.clock.monotonic();
    known.dueMs = nowMs + (isThere ? LOOK_MS : known.waitMs);
    if (isThere && (nowMs - known.fetchedMs >= DISCOVERY_MS || !isAvailable(remote))) {
      const entries = await fetchRemote(remote, this.#deps, context);
      if (entries !== undefined) {
        known.entries = entries;
        known.fetchedMs = nowMs;
      }
      resources.touch();
    }
    await this.#tell(remote, found, request, context);
  }

  async #tell(
    remote: RemoteService,
    found: Availability,
    request: OwnRequest,
    context: Context,
  ): Promise<void> {
    const { apiService, name } = remote;
    const next = withAvailability(apiService, found, this.#deps.env.clock.now());
    if (next === undefined) return;
    // Who changed it meanwhile wakes us, and we look again.
    await request("PUT", `${API_SERVICES}/${name}/status`, next, context);
  }
}

/** Undefined: that is what it says already. */
function withAvailability(
  service: APIService,
  found: Availability,
  nowMs: number,
): APIService | undefined {
  const conditions = service.status.conditions ?? [];
  const old = findCondition(conditions, "Available");
  const isSame = old?.status === found.status;
  if (isSame && old.reason === found.reason && old.message === found.message) return undefined;
  const { lastTransitionTime = apiTime(nowMs) } = (isSame ? old : undefined) ?? {};
  const condition = { type: "Available", ...found, lastTransitionTime };
  const others = conditions.filter(({ type }) => type !== "Available");
  return { ...service, status: { ...service.status, conditions: [...others, condition] } };
}
