/**
 * Keeps the API services that say what this server answers for itself: those of built-in groups are
 * made at the start, those of custom resources come and go with their definitions.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { Resources } from "../registry/resource.ts";
import type { ApiServiceIndex } from "./api-service-index.ts";
import { API_SERVICES, type OwnRequest } from "./own-requests.ts";
import { planLocal, type LocalPlan, type ServedVersion } from "./plan-local.ts";
import { Wakeup } from "./wakeup.ts";

/** How long it takes before a write that failed is tried again. */
export const RETRY_MS = 1_000;

export type LocalServicesDeps = {
  readonly env: Env;
  readonly index: ApiServiceIndex;
  readonly resources: Resources;
  readonly request: OwnRequest;
};

/** Lives until the signal aborts. */
export async function keepLocalServices(deps: LocalServicesDeps, context: Context): Promise<void> {
  const { env, index, resources, request } = deps;
  const { signal } = context;
  const wakeup = new Wakeup(signal);
  resources.onChange(() => wakeup.wake(), signal);
  index.onChange(() => wakeup.wake(), signal);
  await index.synced();
  const seen = new Set<string>();
  while (!signal.aborted) {
    await env.timers.yield(); // what comes at once is one change
    wakeup.reset();
    const plan = planLocal(servedVersions(resources), index.all(), seen);
    const hasFailed = await carryOut(plan, request, context);
    for (const each of index.all()) noteSeen(each.metadata.name ?? "", resources, seen);
    const timer = hasFailed ? env.timers.after(RETRY_MS, () => wakeup.wake()) : undefined;
    await wakeup.next();
    timer?.cancel();
  }
}

function servedVersions(resources: Resources): readonly ServedVersion[] {
  const found = new Map<string, ServedVersion>();
  for (const { group, version, custom } of resources.all()) {
    const key = `${group}/${version}`;
    const isCustom = custom !== undefined && !resources.hasBuiltInGroupVersion(group, version);
    if (!found.has(key)) found.set(key, { group, version, isCustom });
  }
  return [...found.values()];
}

function noteSeen(name: string, resources: Resources, seen: Set<string>): void {
  const dot = name.indexOf(".");
  const [version, group] = [name.slice(0, dot), name.slice(dot + 1)];
  if (resources.hasBuiltInGroupVersion(group, version)) seen.add(name);
}

/** Whether something is left to be done. A conflict is none: what is new wakes the keeper. */
async function carryOut(
  { create, update, remove }: LocalPlan,
  request: OwnRequest,
  context: Context,
): Promise<boolean> {
  let hasFailed = false;
  const judge = (status: number, ...fine: readonly number[]): void => {
    hasFailed ||= status >= 400 && !fine.includes(status);
  };
  for (const each of create) judge(await request("POST", API_SERVICES, each, context), 409);
  for (const each of update) {
    const path = `${API_SERVICES}/${each.metadata.name ?? ""}`;
    judge(await request("PUT", path, each, context), 404, 409);
  }
  for (const name of remove) {
    judge(await request("DELETE", `${API_SERVICES}/${name}`, undefined, context), 404);
  }
  return hasFailed;
}
