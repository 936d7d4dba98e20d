/** Checks of the baseline: what would make a pod more than an ordinary tenant of its node. */
import type { SELinuxOptions } from "../../../apis/core/v1/types.generated.ts";
import {
  containersOf,
  hasOwnUsers,
  namedContainers,
  namesWhere,
  plural,
  quoted,
  setters,
  sortedTexts,
  violation,
  type AnyContainer,
  type PodCheck,
} from "./pod-check.ts";

const APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

export const appArmorProfile: PodCheck = (pod) => {
  const isBad = (type: string | undefined): type is string => type === "Unconfined";
  const ofPod = pod.spec.securityContext?.appArmorProfile?.type;
  const names = namesWhere(pod, ({ appArmorProfile: profile }) => isBad(profile?.type));
  const annotations = Object.entries(pod.metadata.annotations ?? {})
    .filter(([key]) => key.startsWith(APPARMOR_ANNOTATION))
    .filter(([, value]) => !/^(|runtime\/default|localhost\/.*)$/s.test(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const isSet = isBad(ofPod) || names.length > 0;
  const values = [...(isSet ? ["Unconfined"] : []), ...annotations];
  if (values.length === 0) return undefined;
  const marks = plural("annotation", "annotations", annotations.length);
  const who = [
    ...(isSet ? [setters(isBad(ofPod), names)] : []),
    ...(annotations.length === 0 ? [] : [marks]),
  ].join(" and ");
  return violation(
    plural("forbidden AppArmor profile", "forbidden AppArmor profiles", values.length),
    `${who} must not set AppArmor profile type to ${quoted(values)}`,
  );
};

const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

export const capabilitiesBaseline: PodCheck = (pod) => {
  const bad = ({ securityContext }: AnyContainer): readonly string[] =>
    (securityContext?.capabilities?.add ?? []).filter((each) => !DEFAULT_CAPABILITIES.has(each));
  const names = namesWhere(pod, (_context, container) => bad(container).length > 0);
  if (names.length === 0) return undefined;
  const values = quoted(sortedTexts(containersOf(pod).flatMap(bad)));
  const detail = `must not include ${values} in securityContext.capabilities.add`;
  return violation("non-default capabilities", `${namedContainers(names)} ${detail}`);
};

export const hostNamespaces: PodCheck = ({ spec }) => {
  const used = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => spec[field]);
  if (used.length === 0) return undefined;
  return violation("host namespaces", used.map((field) => `${field}=true`).join(", "));
};

export const hostPathVolumes: PodCheck = ({ spec }) => {
  const names = (spec.volumes ?? [])
    .filter(({ hostPath }) => hostPath !== undefined)
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  const detail = `${plural("volume", "volumes", names.length)} ${quoted(names)}`;
  return violation("hostPath volumes", detail);
};

export const hostPorts: PodCheck = (pod) => {
  const bad = ({ ports = [] }: AnyContainer): readonly string[] =>
    ports.flatMap(({ hostPort = 0 }) => (hostPort === 0 ? [] : [String(hostPort)]));
  const names = namesWhere(pod, (_context, container) => bad(container).length > 0);
  if (names.length === 0) return undefined;
  const values = sortedTexts(containersOf(pod).flatMap(bad));
  const uses = plural("uses", "use", names.length);
  const what = plural("hostPort", "hostPorts", values.length);
  return violation("hostPort", `${namedContainers(names)} ${uses} ${what} ${values.join(", ")}`);
};

export const hostProbes: PodCheck = (pod, minor) => {
  if (minor < 34) return undefined;
  const names = namesWhere(pod, (_context, container) => probedHosts(container).length > 0);
  if (names.length === 0) return undefined;
  const values = sortedTexts(containersOf(pod).flatMap(probedHosts));
  const uses = plural("uses", "use", names.length);
  const what = plural("host", "hosts", values.length);
  const detail = `${namedContainers(names)} ${uses} probe or lifecycle ${what} ${quoted(values)}`;
  return violation("probe or lifecycle host", detail);
};

/** Hosts that the node asks in the name of the container. */
function probedHosts(container: AnyContainer): readonly string[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  const actions = [
    livenessProbe,
    readinessProbe,
    startupProbe,
    lifecycle?.postStart,
    lifecycle?.preStop,
  ];
  return actions.flatMap((action) =>
    [action?.httpGet?.host ?? "", action?.tcpSocket?.host ?? ""].filter(
      (host) => host !== "" && host !== "127.0.0.1" && host !== "::1",
    ),
  );
}

export const privileged: PodCheck = (pod) => {
  const names = namesWhere(pod, (context) => context.privileged === true);
  if (names.length === 0) return undefined;
  const detail = `${namedContainers(names)} must not set securityContext.privileged=true`;
  return violation("privileged", detail);
};

export const procMountBaseline: PodCheck = (pod, minor) =>
  hasOwnUsers(pod, minor) ? undefined : procMount(pod, minor);

export const procMount: PodCheck = (pod) => {
  const bad = ({ securityContext }: AnyContainer): readonly string[] => {
    const { procMount: mount = "Default" } = securityContext ?? {};
    return mount === "Default" ? [] : [mount];
  };
  const names = namesWhere(pod, (_context, container) => bad(container).length > 0);
  if (names.length === 0) return undefined;
  const values = quoted(sortedTexts(containersOf(pod).flatMap(bad)));
  const detail = `${namedContainers(names)} must not set securityContext.procMount to ${values}`;
  return violation("procMount", detail);
};

const SELINUX_TYPES: readonly string[] = ["", "container_t", "container_init_t", "container_kvm_t"];

export const seLinuxOptions: PodCheck = (pod, minor) => {
  const allowed = minor >= 31 ? [...SELINUX_TYPES, "container_engine_t"] : SELINUX_TYPES;
  const isBad = (options: SELinuxOptions | undefined): boolean => {
    const { type = "", user = "", role = "" } = options ?? {};
    return !allowed.includes(type) || user !== "" || role !== "";
  };
  const ofPod = pod.spec.securityContext?.seLinuxOptions;
  const names = namesWhere(pod, (context) => isBad(context.seLinuxOptions));
  if (!isBad(ofPod) && names.length === 0) return undefined;
  const all = [
    ...(ofPod === undefined ? [] : [ofPod]),
    ...containersOf(pod).flatMap(({ securityContext }) => securityContext?.seLinuxOptions ?? []),
  ];
  const types = sortedTexts(all.map(({ type = "" }) => type)).filter(
    (type) => !allowed.includes(type),
  );
  const data = [
    ...(types.length === 0 ? [] : [`${plural("type", "types", types.length)} ${quoted(types)}`]),
    ...(all.some(({ user = "" }) => user !== "") ? ["user may not be set"] : []),
    ...(all.some(({ role = "" }) => role !== "") ? ["role may not be set"] : []),
  ];
  const what = "set forbidden securityContext.seLinuxOptions";
  return violation("seLinuxOptions", `${setters(isBad(ofPod), names)} ${what}: ${data.join("; ")}`);
};

export const seccompBaseline: PodCheck = (pod) => {
  const isBad = (type: string | undefined): boolean => type === "Unconfined";
  const ofPod = isBad(pod.spec.securityContext?.seccompProfile?.type);
  const names = namesWhere(pod, ({ seccompProfile }) => isBad(seccompProfile?.type));
  if (!ofPod && names.length === 0) return undefined;
  const what = 'must not set securityContext.seccompProfile.type to "Unconfined"';
  return violation("seccompProfile", `${setters(ofPod, names)} ${what}`);
};

/** Sysctls that are safe, by the version of the standards that allows them first. */
const SYSCTLS: ReadonlyMap<string, number> = new Map([
  ["kernel.shm_rmid_forced", 0],
  ["net.ipv4.ip_local_port_range", 0],
  ["net.ipv4.ip_unprivileged_port_start", 0],
  ["net.ipv4.tcp_syncookies", 0],
  ["net.ipv4.ping_group_range", 0],
  ["net.ipv4.ip_local_reserved_ports", 27],
  ["net.ipv4.tcp_keepalive_time", 29],
  ["net.ipv4.tcp_fin_timeout", 29],
  ["net.ipv4.tcp_keepalive_intvl", 29],
  ["net.ipv4.tcp_keepalive_probes", 29],
  ["net.ipv4.tcp_rmem", 32],
  ["net.ipv4.tcp_wmem", 32],
]);

export const sysctls: PodCheck = ({ spec }, minor) => {
  const bad = (spec.securityContext?.sysctls ?? [])
    .map(({ name }) => name)
    .filter((name) => (SYSCTLS.get(name) ?? Infinity) > minor || !SYSCTLS.has(name));
  return bad.length === 0 ? undefined : violation("forbidden sysctls", bad.join(", "));
};

export const windowsHostProcess: PodCheck = (pod) => {
  const ofPod = pod.spec.securityContext?.windowsOptions?.hostProcess === true;
  const names = namesWhere(pod, ({ windowsOptions }) => windowsOptions?.hostProcess === true);
  if (!ofPod && names.length === 0) return undefined;
  const what = "must not set securityContext.windowsOptions.hostProcess=true";
  return violation("hostProcess", `${setters(ofPod, names)} ${what}`);
};
