/**
 * `admission()`: defaults and checks of a kind that a schema cannot say, as functions.
 *
 *     export const siteWebhook = admission(Site, {
 *       default: (site) => ({ ...site, spec: { host: "example.dev", ...site.spec } }),
 *       validate: (site, ctx) =>
 *         ctx.old !== undefined && ctx.old.spec.host !== site.spec.host
 *           ? [{ field: "spec.host", detail: "cannot be changed" }]
 *           : [],
 *     });
 *
 * It is a declaration: a manager serves it (`webhooks: { handlers: [siteWebhook], ... }`) and tells
 * the cluster to call it; a test world calls it in process.
 */
import type {
  MatchCondition,
  RuleWithOperations,
} from "../../apis/admissionregistration/v1/types.generated.ts";
import type { LabelSelector } from "../../apis/meta/v1/types.generated.ts";
import type { PolicyRule } from "../../apis/rbac/v1/types.generated.ts";
import type { Env } from "../../base/env.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { AdmissionContext, AdmissionOperation } from "./admission-context.ts";
import { AdmissionHandler } from "./admission-handler.ts";
import type { Problem } from "./admission-verdict.ts";
import type { WebhookHandler } from "./webhook-handler.ts";

type Awaitable<T> = T | Promise<T>;

/**
 * What `admission()` can be told: `default`, `validate` or both, and which requests they are asked
 * about.
 */
export type AdmissionOptions<T extends ApiObject> = {
  /**
   * Part of paths, names in configurations, and metrics; needed where a kind has several webhooks.
   * Default: made from the kind alone.
   */
  readonly name?: string;
  /**
   * The object as it shall be. Build a new one: what is passed is frozen. What the server must
   * change follows from the difference. Must be idempotent: other webhooks may follow, and then it
   * is asked again. Not asked about deletions.
   */
  readonly default?: (object: T, context: AdmissionContext<T>) => Awaitable<T>;
  /**
   * What is wrong with the object, all of it at once; empty: nothing. Of a deletion, `object` is
   * what is to be deleted.
   */
  readonly validate?: (
    object: T,
    context: AdmissionContext<T>,
  ) => Awaitable<readonly Problem[] | void>;
  /** Default: creations and updates. Deletions only if you name them. */
  readonly operations?: readonly AdmissionOperation[];
  /**
   * Besides the object itself, e.g. `["status"]`; only such as hold an object of the kind,
   * so not `scale`. Default: none.
   */
  readonly subresources?: readonly string[];
  /** Whether requests fail or pass while the webhook cannot be asked (default "Fail"). */
  readonly failurePolicy?: "Fail" | "Ignore";
  /** CEL expressions over `object`, `oldObject` and `request`; all must hold. Default: none. */
  readonly matchConditions?: readonly MatchCondition[];
  /** Labels that objects must have, now or before. Default: any. */
  readonly objectSelector?: LabelSelector;
  /**
   * Labels of namespaces. Default for kinds made with `defineResource`: any. For kinds that are
   * built in: all but `kube-system` and the namespace of the webhook's own service, as a webhook
   * that its own pods wait for can never start.
   */
  readonly namespaceSelector?: LabelSelector;
  /** How long an answer may take, 1 to 30 (default 10). */
  readonly timeoutSeconds?: number;
  /**
   * Whether it does anything outside of its answer (default "None"). "NoneOnDryRun": yes, and it
   * looks at `isDryRun`.
   */
  readonly sideEffects?: "None" | "NoneOnDryRun";
  /** Whether `default` is asked again when a later webhook changed the object (default "Never"). */
  readonly reinvocationPolicy?: "Never" | "IfNeeded";
  /** What it does through `client`. For generated roles. */
  readonly permissions?: readonly PolicyRule[];
};

/** What `webhooks.handlers` of a manager takes. */
export type AdmissionWebhook = {
  readonly kind: "admission";
  readonly type: ResourceType;
  readonly permissions: readonly PolicyRule[];
  /** One for `default`, one for `validate`. */
  readonly entries: readonly AdmissionEntry[];
  handlers(deps: AdmissionDeps): readonly WebhookHandler[];
};

/** What a webhook is made with, for what it looks up. */
export type AdmissionDeps = { readonly client: Client; readonly env: Env };

/** What a configuration says of a webhook, besides where it is. */
export type AdmissionEntry = {
  readonly role: "mutating" | "validating";
  readonly path: string;
  /** With the dots that API servers ask for. */
  readonly name: string;
  readonly rules: readonly RuleWithOperations[];
  /** Undefined: the default, which depends on where the webhook is. */
  readonly namespaceSelector: LabelSelector | undefined;
  /** A kind that is not one of the author's own: pods of the webhook may depend on it. */
  readonly isBuiltIn: boolean;
  /** As they stand in the configuration. */
  readonly fields: {
    readonly failurePolicy: string;
    readonly matchConditions?: readonly MatchCondition[];
    readonly objectSelector?: LabelSelector;
    readonly timeoutSeconds: number;
    readonly sideEffects: string;
    readonly reinvocationPolicy?: string;
  };
};

const OPERATIONS: readonly AdmissionOperation[] = ["CREATE", "UPDATE"];
const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Declares webhooks of a kind. Throws `RangeError` for options no API server would take. */
export function admission<T extends ApiObject>(
  type: ResourceType<T>,
  options: AdmissionOptions<T>,
): AdmissionWebhook {
  refuseOptions(options);
  const mutating = options.default === undefined ? [] : [entryOf("mutating", type, options)];
  const validating = options.validate === undefined ? [] : [entryOf("validating", type, options)];
  return {
    kind: "admission",
    type,
    permissions: options.permissions ?? [],
    entries: [...mutating, ...validating],
    handlers: (deps) => [
      ...mutating.map(({ path }) => {
        return new AdmissionHandler(type, path, { mutates: options.default }, deps);
      }),
      ...validating.map(({ path }) => {
        return new AdmissionHandler(type, path, { validates: options.validate }, deps);
      }),
    ],
  };
}

function refuseOptions<T extends ApiObject>(options: AdmissionOptions<T>): void {
  const { name, operations = OPERATIONS, timeoutSeconds = 10 } = options;
  const refuse = (field: string, why: string): never => {
    throw new RangeError(`admission: ${field}: ${why}`);
  };
  if (name !== undefined && !NAME.test(name)) {
    refuse("name", `"${name}" is not of small letters, digits and dashes, 40 at most`);
  }
  if (options.default === undefined && options.validate === undefined) {
    refuse("default, validate", "give at least one of the two");
  }
  if (operations.length === 0) refuse("operations", "name at least one");
  if (options.default !== undefined && !operations.some(isChange)) {
    refuse("default", "of deletions nothing can be changed: name CREATE or UPDATE in operations");
  }
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1 || timeoutSeconds > 30) {
    refuse("timeoutSeconds", `${timeoutSeconds} is not a whole number from 1 to 30`);
  }
}

function isChange(operation: AdmissionOperation): boolean {
  return operation !== "DELETE";
}

function entryOf<T extends ApiObject>(
  role: AdmissionEntry["role"],
  type: ResourceType<T>,
  options: AdmissionOptions<T>,
): AdmissionEntry {
  const { name, operations = OPERATIONS, subresources = [] } = options;
  const { group, version, kind, resource, isNamespaced } = type;
  const verb = role === "mutating" ? "mutate" : "validate";
  const suffix = name === undefined ? "" : `-${name}`;
  return {
    role,
    // As controller-runtime makes it, so that manifests written for it fit.
    path: `/${verb}-${group.replaceAll(".", "-")}-${version}-${kind.toLowerCase()}${suffix}`,
    name: `${verb}${suffix}.${resource}.${group === "" ? "core" : group}`,
    rules: [
      {
        operations: role === "mutating" ? operations.filter(isChange) : operations,
        apiGroups: [group],
        apiVersions: [version],
        resources: [resource, ...subresources.map((each) => `${resource}/${each}`)],
        scope: isNamespaced ? "Namespaced" : "Cluster",
      },
    ],
    isBuiltIn: !("definition" in type),
    namespaceSelector: options.namespaceSelector,
    fields: fieldsOf(role, options),
  };
}

function fieldsOf<T extends ApiObject>(
  role: AdmissionEntry["role"],
  options: AdmissionOptions<T>,
): AdmissionEntry["fields"] {
  const { matchConditions, objectSelector, reinvocationPolicy = "Never" } = options;
  return {
    failurePolicy: options.failurePolicy ?? "Fail",
    timeoutSeconds: options.timeoutSeconds ?? 10,
    sideEffects: options.sideEffects ?? "None",
    ...(matchConditions === undefined ? {} : { matchConditions }),
    ...(objectSelector === undefined ? {} : { objectSelector }),
    ...(role === "mutating" ? { reinvocationPolicy } : {}),
  };
}
