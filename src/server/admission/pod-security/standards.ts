/** The pod security standards: which checks a level is made of, and what a namespace asks for. */
import type { Labels } from "../../../machinery/labels.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { invalid } from "../../../apis/field-errors.ts";
import {
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  privileged,
  procMount,
  procMountBaseline,
  seccompBaseline,
  seLinuxOptions,
  sysctls,
  windowsHostProcess,
} from "./baseline-checks.ts";
import { OWN_USERS_MINOR, type CheckedPod, type PodCheck, type Violation } from "./pod-check.ts";
import {
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompRestricted,
} from "./restricted-checks.ts";

export type Level = "privileged" | "baseline" | "restricted";
export type Mode = "enforce" | "audit" | "warn";

/** A level as of a version: `restricted:latest`. */
export type Standard = {
  readonly level: Level;
  /** Infinity: the latest. */
  readonly minor: number;
  readonly text: string;
};

const LEVELS: readonly Level[] = ["privileged", "baseline", "restricted"];
const MODES: readonly Mode[] = ["enforce", "audit", "warn"];
const PREFIX = "pod-security.kubernetes.io/";

/** In order of the names upstream gives them, which is that of violations. */
const BASELINE: readonly PodCheck[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  privileged,
  procMountBaseline,
  seLinuxOptions,
  seccompBaseline,
  sysctls,
  windowsHostProcess,
];
/** Some checks of the restricted level stand for the weaker ones of the baseline. */
const RESTRICTED: readonly PodCheck[] = [
  appArmorProfile,
  hostNamespaces,
  hostPorts,
  hostProbes,
  privileged,
  (pod, minor) => (minor < OWN_USERS_MINOR ? procMount(pod, minor) : undefined),
  seLinuxOptions,
  sysctls,
  windowsHostProcess,
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  // A check of its own, and so in another place, since the baseline has exceptions.
  (pod, minor) => (minor < OWN_USERS_MINOR ? undefined : procMount(pod, minor)),
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompRestricted,
];
const CHECKS: Readonly<Record<Level, readonly PodCheck[]>> = {
  privileged: [],
  baseline: BASELINE,
  restricted: RESTRICTED,
};

/** What is wrong, as upstream lists it; "" if nothing. */
export function violationsOf(pod: CheckedPod, standard: Standard): string {
  return found(pod, standard)
    .map(({ reason, detail }) => (detail === "" ? reason : `${reason} (${detail})`))
    .join(", ");
}

/** The same in short. */
export function reasonsOf(pod: CheckedPod, standard: Standard): string {
  return found(pod, standard)
    .map(({ reason }) => reason)
    .join(", ");
}

function found(pod: CheckedPod, { level, minor }: Standard): readonly Violation[] {
  return CHECKS[level].flatMap((check) => check(pod, minor) ?? []);
}

/** Whether `next` asks for more than `before`. */
export function isStricter(next: Standard, before: Standard): boolean {
  return (
    next.level !== "privileged" &&
    (LEVELS.indexOf(next.level) > LEVELS.indexOf(before.level) || next.minor !== before.minor)
  );
}

export type Policy = {
  readonly standards: Readonly<Record<Mode, Standard>>;
  readonly errors: readonly FieldError[];
};

/** What the labels of a namespace ask for; wrong ones count as the strictest, or as none. */
export function policyOf(labels: Labels): Policy {
  const errors: FieldError[] = [];
  const standard = (mode: Mode): Standard => {
    const level = levelOf(labels, mode, errors);
    const minor = minorOf(labels, mode, errors);
    const version = minor === Infinity ? "latest" : `v1.${minor}`;
    return { level, minor, text: `${level}:${version}` };
  };
  const [enforce, audit, warn] = MODES.map(standard);
  const none: Standard = { level: "privileged", minor: Infinity, text: "privileged:latest" };
  // Who enforces a level wants to be told of it early, so a lone `enforce` warns of workloads too.
  const isSet = (mode: Mode): boolean => Object.hasOwn(labels, `${PREFIX}${mode}`);
  const warned = !isSet("warn") && isSet("enforce") ? enforce : warn;
  return {
    standards: { enforce: enforce ?? none, audit: audit ?? none, warn: warned ?? none },
    errors,
  };
}

function levelOf(labels: Labels, mode: Mode, errors: FieldError[]): Level {
  const key = `${PREFIX}${mode}`;
  const text = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (text === undefined) return "privileged";
  const level = LEVELS.find((each) => each === text);
  if (level !== undefined) return level;
  const detail = `must be one of ${LEVELS.join(", ")}`;
  errors.push(invalid(`metadata.labels[${key}]`, text, detail));
  return mode === "enforce" ? "restricted" : "privileged";
}

function minorOf(labels: Labels, mode: Mode, errors: FieldError[]): number {
  const key = `${PREFIX}${mode}-version`;
  const text = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (text === undefined || text === "latest") return Infinity;
  const [, minor] = /^v1\.(0|[1-9][0-9]{0,5})$/.exec(text) ?? [];
  if (minor !== undefined) return Number(minor);
  errors.push(invalid(`metadata.labels[${key}]`, text, 'must be "latest" or "v1.x"'));
  return Infinity;
}
