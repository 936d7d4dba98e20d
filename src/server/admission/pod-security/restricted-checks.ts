/** Checks of the restricted level: what a hardened pod says explicitly. */
import type { Volume } from "../../../apis/core/v1/types.generated.ts";
import {
  containersOf,
  hasOwnUsers,
  isWindows,
  namedContainers,
  namesWhere,
  plural,
  quoted,
  setters,
  sortedTexts,
  violation,
  type PodCheck,
} from "./pod-check.ts";

export const allowPrivilegeEscalation: PodCheck = (pod, minor) => {
  if (minor < 8 || isWindows(pod, minor)) return undefined;
  const names = namesWhere(pod, (context) => context.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  const what = "must set securityContext.allowPrivilegeEscalation=false";
  return violation("allowPrivilegeEscalation != false", `${namedContainers(names)} ${what}`);
};

export const capabilitiesRestricted: PodCheck = (pod, minor) => {
  if (minor < 22 || isWindows(pod, minor)) return undefined;
  const keeping = namesWhere(
    pod,
    ({ capabilities }) => !(capabilities?.drop ?? []).includes("ALL"),
  );
  const isBad = (name: string): boolean => name !== "NET_BIND_SERVICE";
  const adding = namesWhere(pod, ({ capabilities }) => (capabilities?.add ?? []).some(isBad));
  const added = containersOf(pod).flatMap(({ securityContext }) =>
    (securityContext?.capabilities?.add ?? []).filter(isBad),
  );
  const values = quoted(sortedTexts(added));
  const details = [
    ...(keeping.length === 0
      ? []
      : [`${namedContainers(keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
    ...(adding.length === 0
      ? []
      : [
          `${namedContainers(adding)} must not include ${values} in ` +
            "securityContext.capabilities.add",
        ]),
  ];
  return details.length === 0
    ? undefined
    : violation("unrestricted capabilities", details.join("; "));
};

const VOLUME_TYPES: ReadonlySet<string> = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

export const restrictedVolumes: PodCheck = ({ spec }) => {
  const typeOf = (volume: Volume): string =>
    Object.keys(volume).find((field) => field !== "name") ?? "unknown";
  const bad = (spec.volumes ?? []).filter((volume) => !VOLUME_TYPES.has(typeOf(volume)));
  if (bad.length === 0) return undefined;
  const types = sortedTexts(bad.map(typeOf));
  const names = `${plural("volume", "volumes", bad.length)} ${quoted(bad.map(({ name }) => name))}`;
  const what = plural("restricted volume type", "restricted volume types", types.length);
  const uses = plural("uses", "use", bad.length);
  return violation("restricted volume types", `${names} ${uses} ${what} ${quoted(types)}`);
};

export const runAsNonRoot: PodCheck = (pod, minor) => {
  if (hasOwnUsers(pod, minor)) return undefined;
  const reason = "runAsNonRoot != true";
  const ofPod = pod.spec.securityContext?.runAsNonRoot;
  const explicit = namesWhere(pod, (context) => context.runAsNonRoot === false);
  const implicit = namesWhere(pod, (context) => context.runAsNonRoot === undefined);
  if (ofPod === false || explicit.length > 0) {
    const who = setters(ofPod === false, explicit);
    return violation(reason, `${who} must not set securityContext.runAsNonRoot=false`);
  }
  if (ofPod === true || implicit.length === 0) return undefined;
  const who = `pod or ${namedContainers(implicit)}`;
  return violation(reason, `${who} must set securityContext.runAsNonRoot=true`);
};

export const runAsUser: PodCheck = (pod, minor) => {
  if (minor < 23 || hasOwnUsers(pod, minor)) return undefined;
  const ofPod = pod.spec.securityContext?.runAsUser === 0;
  const names = namesWhere(pod, (context) => context.runAsUser === 0);
  if (!ofPod && names.length === 0) return undefined;
  return violation("runAsUser=0", `${setters(ofPod, names)} must not set runAsUser=0`);
};

export const seccompRestricted: PodCheck = (pod, minor) => {
  if (minor < 19 || isWindows(pod, minor)) return undefined;
  const isGood = (type: string): boolean => type === "RuntimeDefault" || type === "Localhost";
  const ofPod = pod.spec.securityContext?.seccompProfile?.type;
  const isBadPod = ofPod !== undefined && !isGood(ofPod);
  const typesOf = containersOf(pod).flatMap(
    ({ securityContext }) => securityContext?.seccompProfile?.type ?? [],
  );
  const bad = namesWhere(
    pod,
    ({ seccompProfile }) => seccompProfile !== undefined && !isGood(seccompProfile.type),
  );
  if (isBadPod || bad.length > 0) {
    const all = [...(ofPod === undefined ? [] : [ofPod]), ...typesOf];
    const values = quoted(sortedTexts(all.filter((type) => !isGood(type))));
    const what = `must not set securityContext.seccompProfile.type to ${values}`;
    return violation("seccompProfile", `${setters(isBadPod, bad)} ${what}`);
  }
  const silent = namesWhere(pod, ({ seccompProfile }) => seccompProfile === undefined);
  if (ofPod !== undefined || silent.length === 0) return undefined;
  const what = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return violation("seccompProfile", `pod or ${namedContainers(silent)} ${what}`);
};
