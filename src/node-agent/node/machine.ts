/** The machine a node stands on, as the agent reports it. */

export type MachineFacts = {
  readonly cpuCount: number;
  readonly memoryBytes: number;
  /** Size of the disk the pods' state is on. */
  readonly diskBytes: number;
  /** As Go names them: `linux`, `darwin`. */
  readonly operatingSystem: string;
  /** As Go names them: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly kernelVersion: string;
  readonly osImage: string;
  readonly machineId: string;
  readonly bootId: string;
};

/** What is left of the machine. */
export type MachineRest = {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Part of the disk's inodes that is free, in [0, 1]. */
  readonly inodesShare: number;
  readonly processes: number;
};

export interface Machine {
  facts(): Promise<MachineFacts>;
  rest(): Promise<MachineRest>;
}
