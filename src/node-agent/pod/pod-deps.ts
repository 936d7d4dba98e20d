/** What the agent gives each of its pods to work with. */
import type { Env } from "../../base/env.ts";
import type { Client } from "../../client/client.ts";
import type { EventRecorder } from "../../client/event-recorder-types.ts";
import type { PodStatus } from "../../apis/core/v1/types.generated.ts";
import type { Pod, Service } from "../../client/builtin.ts";
import type { Lister } from "../../informer/lister.ts";
import type { GroupVersionKind } from "../../machinery/gvk.ts";
import type { ProbeNetwork } from "../probe/probe-network.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { PodVolumes } from "../volume/volumes.ts";
import type { ConfigSource } from "./config-source.ts";
import type { Allocatable } from "./field-refs.ts";

/** Log files and last words, on the node's disk. */
export interface LogFiles {
  /** The end of a text file, at most `bytesMax`; "" if there is no such file. */
  readTail(path: string, bytesMax: number): Promise<string>;
  /** The text of the last lines of a container's log, without times and streams. */
  lastLines(logFile: string, linesMax: number, bytesMax: number): Promise<string>;
  /** Renames a log that has grown over the limit; whether it did. The writer must reopen it. */
  rotate(logFile: string, bytesMax: number, filesMax: number): Promise<boolean>;
  /** Removes a container's log with all its rotated files. */
  removeLog(logFile: string): Promise<void>;
  /** Removes a pod's log directory. */
  removeDirectory(path: string): Promise<void>;
}

/** Takes the statuses of pods and brings them to the API. */
export interface StatusSink {
  set(pod: Pod, status: PodStatus): void;
  /** Resolves when all that was set for this pod has arrived, or the pod is gone. */
  settled(uid: string, signal: AbortSignal): Promise<void>;
  forget(uid: string): void;
}

export type NodeFacts = {
  readonly name: string;
  readonly hostIp: string;
  readonly allocatable: Allocatable;
  /** Absolute; each pod has a directory of logs below. */
  readonly logRoot: string;
};

export type PodDeps = {
  readonly env: Env;
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly runtime: Runtime;
  readonly volumes: PodVolumes;
  readonly network: ProbeNetwork;
  readonly logs: LogFiles;
  readonly config: ConfigSource;
  /** All there are: containers are told where they are. */
  readonly services: Lister<Service>;
  readonly status: StatusSink;
  readonly node: NodeFacts;
};

export const POD_GVK: GroupVersionKind = { group: "", version: "v1", kind: "Pod" };
