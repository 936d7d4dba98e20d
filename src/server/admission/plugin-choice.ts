/** Which admission plug-ins a server runs: upstream's defaults, less some, plus others. */
import { compareText } from "../../machinery/key.ts";

/** Run unless they are disabled. */
export const DEFAULT_PLUGINS: readonly string[] = [
  "CertificateApproval",
  "CertificateSigning",
  "CertificateSubjectRestriction",
  "DefaultIngressClass",
  "DefaultStorageClass",
  "DefaultTolerationSeconds",
  "LimitRanger",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionWebhook",
  "NamespaceLifecycle",
  "PersistentVolumeClaimResize",
  "PodSecurity",
  "Priority",
  "ResourceQuota",
  "RuntimeClass",
  "PodResizeValidator",
  "ServiceAccount",
  "StorageObjectInUseProtection",
  "TaintNodesByCondition",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionWebhook",
];

/** Run where they are enabled. */
export const OPTIONAL_PLUGINS: readonly string[] = ["AlwaysPullImages", "NodeRestriction"];

export type PluginChoice = {
  readonly enabled: readonly string[];
  readonly disabled: readonly string[];
};

/** Upstream's defaults. */
export const DEFAULT_CHOICE: PluginChoice = { enabled: [], disabled: [] };

export function knownPlugins(): readonly string[] {
  return [...DEFAULT_PLUGINS, ...OPTIONAL_PLUGINS].sort(compareText);
}

/** Why this cannot be; undefined if it can. */
export function choiceProblem({ enabled, disabled }: PluginChoice): string | undefined {
  const known = knownPlugins();
  const unknown = [...enabled, ...disabled].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const names = known.join(", ");
    return `${JSON.stringify(unknown)} is no admission plug-in; those there are: ${names}`;
  }
  const both = enabled.find((name) => disabled.includes(name));
  return both === undefined ? undefined : `${both} is both enabled and disabled`;
}

export function isChosen(name: string, { enabled, disabled }: PluginChoice): boolean {
  if (disabled.includes(name)) return false;
  return DEFAULT_PLUGINS.includes(name) || enabled.includes(name);
}
