/** Groups of other API servers in their places among our own. */
import { compareText } from "../../machinery/key.ts";
import type { Fields } from "../../machinery/object.ts";
import { builtInPriorities, CUSTOM_PRIORITIES } from "../aggregation/priorities.ts";
import type { ApiGroup, ApiVersion } from "./api-groups.ts";
import { compareVersions } from "./version-order.ts";

/** A version that another server answers for. */
export type RemoteVersion = {
  readonly group: string;
  readonly version: string;
  readonly groupPriority: number;
  readonly versionPriority: number;
  /** `APIResourceDiscovery` entries, as it said. */
  readonly entries: readonly Fields[];
  /** Whether it cannot be asked now. */
  readonly isStale: boolean;
};

/** Higher priorities come first, then names. Our own groups keep their order. */
export function withRemoteGroups(
  groups: readonly ApiGroup[],
  remote: readonly RemoteVersion[],
): readonly ApiGroup[] {
  if (remote.length === 0) return groups;
  const others = Map.groupBy(remote, ({ group }) => group);
  const ranked = groups.map((each) => ({
    each: merged(each, others.get(each.group)),
    ...rank(each),
  }));
  const known = new Set(groups.map(({ group }) => group));
  const added = [...others]
    .filter(([group]) => !known.has(group))
    .map(([group, versions]) => ({
      each: merged({ group, versions: [] }, versions),
      priority: Math.max(...versions.map(({ groupPriority }) => groupPriority)),
      name: group,
    }))
    .sort((a, b) => b.priority - a.priority || compareText(a.name, b.name));
  const result: ApiGroup[] = [];
  for (const { each, priority, name } of ranked) {
    for (let next = added[0]; next !== undefined; next = added[0]) {
      const isBefore = next.priority > priority || (next.priority === priority && next.name < name);
      if (!isBefore) break;
      result.push(next.each);
      added.shift();
    }
    result.push(each);
  }
  return [...result, ...added.map(({ each }) => each)];
}

function rank(group: ApiGroup): { readonly priority: number; readonly name: string } {
  const name = group.group;
  if (name === "apiregistration.k8s.io") return { priority: Infinity, name };
  const { group: priority } = isCustom(group) ? CUSTOM_PRIORITIES : builtInPriorities(name, "v1");
  return { priority, name };
}

function isCustom({ versions }: ApiGroup): boolean {
  return versions.every(({ resources }) => resources.every(({ custom }) => custom !== undefined));
}

/** What another server answers for, it answers for alone. */
function merged(group: ApiGroup, remote: readonly RemoteVersion[] = []): ApiGroup {
  if (remote.length === 0) return group;
  const priorities = new Map(
    group.versions.map(({ version }): [string, number] => [
      version,
      isCustom(group) ? CUSTOM_PRIORITIES.version : builtInPriorities(group.group, version).version,
    ]),
  );
  const names = new Set(remote.map(({ version }) => version));
  for (const { version, versionPriority } of remote) priorities.set(version, versionPriority);
  const versions: ApiVersion[] = [
    ...group.versions.filter(({ version }) => !names.has(version)),
    ...remote.map(({ version, entries, isStale }) => ({
      version,
      resources: [],
      remote: { entries, isStale },
    })),
  ];
  versions.sort(
    (a, b) =>
      (priorities.get(b.version) ?? 0) - (priorities.get(a.version) ?? 0) ||
      compareVersions(a.version, b.version),
  );
  return { group: group.group, versions };
}
