/** What the deletion of a namespace comes to next, and how its status tells of it. Pure. */
import type { Namespace } from "../../client/builtin.ts";
import type { DiscoveryFailure } from "../../client/discovery.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { setCondition } from "../../machinery/conditions.ts";
import { compareText } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";

/** The finalizer in `spec.finalizers` that this controller answers for. */
export const NAMESPACE_FINALIZER = "kubernetes";

/** What is still there of one kind. */
export type Remains = { readonly type: ResourceType; readonly objects: readonly ApiObject[] };

/** A kind whose objects could not be deleted or listed. */
export type Failure = { readonly type: ResourceType; readonly message: string };

export type Content = {
  readonly remains: readonly Remains[];
  readonly failures: readonly Failure[];
  /** Versions nobody could say the kinds of: there may be objects of them. */
  readonly unclear: readonly DiscoveryFailure[];
};

export type NamespacePlan =
  /** Nothing is left: let the namespace go. */
  | { readonly kind: "finalize" }
  /** Look again after a while; deletions wake the namespace earlier. */
  | { readonly kind: "wait"; readonly delayMs: number };

/**
 * Pods go first, alone: they may need the rest to end in order. The longest grace that is left in
 * them says when it is worth to look again.
 */
export function planNamespace(content: Content): NamespacePlan {
  const left = content.remains.flatMap(({ objects }) => objects);
  const isSure = content.failures.length === 0 && content.unclear.length === 0;
  if (left.length === 0 && isSure) return { kind: "finalize" };
  const graceSeconds = left.map(({ metadata }) => metadata.deletionGracePeriodSeconds ?? 0);
  return { kind: "wait", delayMs: (Math.max(0, ...graceSeconds) / 2 + 1) * 1000 };
}

type NamespaceCondition = NonNullable<Namespace["status"]["conditions"]>[number];

/** The status that tells people what the deletion waits for. */
export function namespaceStatus(
  namespace: Namespace,
  content: Content,
  now: string,
): Namespace["status"] {
  const { conditions } = namespace.status;
  const next = conditionsOf(content).reduce(
    (list: readonly NamespaceCondition[], condition) => setCondition(list, condition, now),
    conditions ?? [],
  );
  return { ...namespace.status, phase: "Terminating", conditions: next };
}

/** Reasons and messages are those of upstream: people and programs look for them. */
function conditionsOf({ remains, failures, unclear }: Content): readonly NamespaceCondition[] {
  const left = remains.filter(({ objects }) => objects.length > 0);
  const instances = (count: number): string => `${count} resource instances`;
  return [
    holds(
      "NamespaceDeletionDiscoveryFailure",
      unclear.map(({ apiVersion, message }) => `${apiVersion}: ${message}`),
      { yes: "DiscoveryFailed", no: "ResourcesDiscovered" },
      {
        yes:
          `Discovery failed for some groups, ${unclear.length} failing: ` +
          "unable to retrieve the complete list of server APIs: ",
        no: "All resources successfully discovered",
      },
    ),
    holds(
      "NamespaceDeletionGroupVersionParsingFailure",
      [],
      { yes: "GroupVersionParsingFailed", no: "ParsedGroupVersions" },
      { yes: "", no: "All legacy kube types successfully parsed" },
    ),
    holds(
      "NamespaceDeletionContentFailure",
      failures.map(({ message }) => message),
      { yes: "ContentDeletionFailed", no: "ContentDeleted" },
      {
        yes: `Failed to delete all resource types, ${failures.length} remaining: `,
        no: "All content successfully deleted, may be waiting on finalization",
      },
    ),
    holds(
      "NamespaceContentRemaining",
      left.map(
        ({ type, objects }) => `${type.resource}.${type.group} has ${instances(objects.length)}`,
      ),
      { yes: "SomeResourcesRemain", no: "ContentRemoved" },
      { yes: "Some resources are remaining: ", no: "All content successfully removed" },
    ),
    holds(
      "NamespaceFinalizersRemaining",
      countFinalizers(left).map(([finalizer, count]) => `${finalizer} in ${instances(count)}`),
      { yes: "SomeFinalizersRemain", no: "ContentHasNoFinalizers" },
      {
        yes: "Some content in the namespace has finalizers remaining: ",
        no: "All content-preserving finalizers finished",
      },
    ),
  ];
}

/** True with a list of what is the case, or False. */
function holds(
  type: string,
  items: readonly string[],
  reason: { readonly yes: string; readonly no: string },
  message: { readonly yes: string; readonly no: string },
): NamespaceCondition {
  if (items.length === 0) return { type, status: "False", reason: reason.no, message: message.no };
  const list = items.toSorted(compareText).join(", ");
  return { type, status: "True", reason: reason.yes, message: `${message.yes}${list}` };
}

function countFinalizers(remains: readonly Remains[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { metadata } of remains.flatMap(({ objects }) => objects)) {
    for (const finalizer of metadata.finalizers ?? []) {
      counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
    }
  }
  return [...counts];
}
