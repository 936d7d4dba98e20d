/** What the environment does to processes, where a decision says so. */
import type { SimProcess } from "../actors/process.ts";
import type { Choices } from "../choices/choices.ts";

const ACTS = [
  "",
  "crash",
  "pause 40s",
  "partition 30s",
  "lose connection",
  "clock +1h",
  "clock -10min",
] as const;

/** Asks once for each process. `when` names the moment. */
export function nemesisActs(
  processes: readonly SimProcess[],
  when: string,
  choices: Choices,
): void {
  for (const process of processes) {
    switch (choices.choose("world", `${process.name} ${when}`, ACTS)) {
      case "":
        break;
      case "crash":
        process.crash("for no reason", 1_000);
        break;
      case "pause 40s":
        process.pause(40_000);
        break;
      case "partition 30s":
        process.partition(30_000);
        break;
      case "lose connection":
        process.cutStreams();
        break;
      case "clock +1h":
        process.jumpClock(3_600_000);
        break;
      case "clock -10min":
        process.jumpClock(-600_000);
        break;
    }
  }
}
