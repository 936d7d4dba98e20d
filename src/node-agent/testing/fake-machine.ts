/** A machine with 4 processors, 8 GiB of memory and 100 GiB of disk, half of it used. */
import type { Machine, MachineFacts, MachineRest } from "../node/machine.ts";

const GIBI = 1024 ** 3;

export class FakeMachine implements Machine {
  left: MachineRest = {
    memoryBytes: 4 * GIBI,
    diskBytes: 50 * GIBI,
    inodesShare: 0.5,
    processes: 30_000,
  };

  facts(): Promise<MachineFacts> {
    return Promise.resolve({
      cpuCount: 4,
      memoryBytes: 8 * GIBI,
      diskBytes: 100 * GIBI,
      operatingSystem: "linux",
      architecture: "amd64",
      kernelVersion: "6.0.0",
      osImage: "Test OS",
      machineId: "machine",
      bootId: "boot",
    });
  }

  rest(): Promise<MachineRest> {
    return Promise.resolve(this.left);
  }
}
