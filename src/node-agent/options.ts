/** Settings of a node agent. */
import { dnsSubdomainProblem } from "../machinery/names.ts";

export type Taint = {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
};

export type OnStop = "leave" | "stop-pods";

/** @public */
export type NodeAgentOptions = {
  /** Name of the Node object. */
  readonly nodeName: string;
  /** Address of the node, as pods and the API server see it (default "127.0.0.1"). */
  readonly hostIp?: string;
  /** Shown as the kubelet's version (default "v1.36.0"). */
  readonly version?: string;
  /** Besides those every node has. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Set when the node registers for the first time. */
  readonly taints?: readonly Taint[];
  /** Default 110. */
  readonly podCountMax?: number;
  /** How long a heartbeat counts, in seconds (default 40, as upstream). */
  readonly leaseSeconds?: number;
  /** Between two heartbeats, in milliseconds (default a quarter of `leaseSeconds`). */
  readonly leaseRenewMs?: number;
  /** Between two looks at the node's own state, in milliseconds (default 10 s). */
  readonly statusMs?: number;
  /** An unchanged node status is reported again after this, in milliseconds (default 5 min). */
  readonly statusReportMs?: number;
  /**
   * What happens to containers when the agent is told to stop (default "leave"). A function decides
   * by the reason the signal was aborted with.
   */
  readonly onStop?: OnStop | ((reason: unknown) => OnStop);
  /** Longest grace of a container under `stop-pods`, in milliseconds (default 5 s). */
  readonly stopGraceMs?: number;
  /** A log is rotated when it is larger (default 10 MiB). */
  readonly logBytesMax?: number;
  /** Files of one log, the one being written included (default 5). */
  readonly logFilesMax?: number;
};

export type QualifiedNodeAgentOptions = Required<NodeAgentOptions>;

/** Fills in defaults; throws for what cannot be, naming the field. */
export function withDefaults(options: NodeAgentOptions): QualifiedNodeAgentOptions {
  const leaseSeconds = options.leaseSeconds ?? 40;
  const qualified: QualifiedNodeAgentOptions = {
    nodeName: options.nodeName,
    hostIp: options.hostIp ?? "127.0.0.1",
    version: options.version ?? "v1.36.0",
    labels: options.labels ?? {},
    annotations: options.annotations ?? {},
    taints: options.taints ?? [],
    podCountMax: options.podCountMax ?? 110,
    leaseSeconds,
    leaseRenewMs: options.leaseRenewMs ?? leaseSeconds * 250,
    statusMs: options.statusMs ?? 10_000,
    statusReportMs: options.statusReportMs ?? 300_000,
    onStop: options.onStop ?? "leave",
    stopGraceMs: options.stopGraceMs ?? 5_000,
    logBytesMax: options.logBytesMax ?? 10 * 1024 * 1024,
    logFilesMax: options.logFilesMax ?? 5,
  };
  const problem = dnsSubdomainProblem(qualified.nodeName, false);
  if (problem !== undefined) throw new RangeError(`nodeName: ${problem}`);
  const positive = [
    "podCountMax",
    "leaseSeconds",
    "leaseRenewMs",
    "statusMs",
    "statusReportMs",
    "logBytesMax",
  ] as const;
  for (const field of positive) {
    if (!(qualified[field] > 0)) throw new RangeError(`${field}: must be greater than 0`);
  }
  if (!(qualified.logFilesMax >= 2)) throw new RangeError("logFilesMax: must be at least 2");
  if (!(qualified.stopGraceMs >= 0)) throw new RangeError("stopGraceMs: must not be negative");
  return qualified;
}
