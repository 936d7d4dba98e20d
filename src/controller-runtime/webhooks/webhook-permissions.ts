/** What serving webhooks takes, besides what their authors declare. */
import type { Context } from "../../base/context.ts";
import { Secret } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import { mayI, type Access } from "../declared/preflight.ts";
import { isConfiguration } from "./configurations.ts";
import type { RegistrationMode } from "./registrar.ts";
import type { WebhookRegistration } from "./webhook-handler.ts";
import type { QualifiedCertificates, QualifiedWebhooks } from "./webhook-options.ts";

/** Verbs on one object, or on all of a resource. */
export type NamedPermission = {
  readonly group: string;
  readonly resource: string;
  /** "" for kinds without namespaces, and for all namespaces. */
  readonly namespace: string;
  /** "" for all objects. */
  readonly name: string;
  readonly verbs: readonly string[];
};

/** For a program with these options. */
export function webhookPermissions({
  certificates,
  registrations,
  mode,
  removes,
}: Pick<
  QualifiedWebhooks,
  "certificates" | "registrations" | "mode" | "removes"
>): readonly NamedPermission[] {
  return [
    ...secretPermissions(certificates),
    ...registrations.flatMap((each) => registrationPermissions(each, mode, removes)),
  ];
}

/** To make a Secret that is not there takes more; the manifests hold an empty one. */
function secretPermissions(certificates: QualifiedCertificates): readonly NamedPermission[] {
  if (certificates.kind !== "secret") return [];
  const { group, resource } = Secret;
  return [{ group, resource, ...certificates.secret, verbs: ["get", "update"] }];
}

function registrationPermissions(
  registration: WebhookRegistration,
  mode: RegistrationMode,
  removes: boolean,
): readonly NamedPermission[] {
  const { type, name } = registration;
  const { group, resource } = type;
  const place = { group, resource, namespace: "", name };
  if (mode === "none") return [];
  if (mode === "ca-bundle" || !isConfiguration(registration)) {
    return [{ ...place, verbs: ["get", "patch"] }];
  }
  const verbs = ["get", "create", "patch", ...(removes ? ["delete"] : [])];
  return [{ ...place, verbs }];
}

/** What authors of webhooks say that these do, as far as it is about whole resources. */
export function declaredPermissions(
  handlers: QualifiedWebhooks["handlers"],
): readonly NamedPermission[] {
  const rules = handlers.flatMap((each) => ("permissions" in each ? each.permissions : []));
  return rules.flatMap(({ apiGroups = [], resources = [], resourceNames = [], verbs }) => {
    if (resourceNames.length > 0) return [];
    return apiGroups.flatMap((group) =>
      resources.map((resource) => ({ group, resource, namespace: "", name: "", verbs })),
    );
  });
}

/** Those that this program lacks, a line each with what to do. */
export async function lackingPermissions(
  permissions: readonly NamedPermission[],
  client: Client,
  context: Context,
): Promise<readonly string[]> {
  const lines = await Promise.all(
    permissions.map(async (permission) => {
      const answers = await Promise.all(
        permission.verbs.map((verb) => mayI(accessTo(permission), verb, client, context)),
      );
      const refused = permission.verbs.filter((_, index) => answers[index] === false);
      return refused.length === 0 ? [] : [lineOf(permission, refused)];
    }),
  );
  return lines.flat();
}

function accessTo({ group, resource, namespace, name }: NamedPermission): Access {
  const place = namespace === "" ? {} : { namespace };
  return { group, resource, ...place, ...(name === "" ? {} : { name }) };
}

function lineOf(
  { group, resource, namespace, name }: NamedPermission,
  verbs: readonly string[],
): string {
  const what = group === "" ? resource : `${resource}.${group}`;
  const which = name === "" ? "" : ` "${name}"`;
  const where = namespace === "" ? "" : ` in namespace ${namespace}`;
  return (
    `this program may not ${verbs.join(", ")} ${what}${which}${where}, for webhooks: bind its ` +
    "user to a role that allows it (`setpoint generate rbac` prints one)"
  );
}
