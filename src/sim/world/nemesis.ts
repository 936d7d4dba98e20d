/** What is done to processes, servers, nodes and the disk, where a decision says so. */
import type { SimProcess } from "../actors/process.ts";
import type { ServerReplica } from "../actors/server-replica.ts";
import type { Choices } from "../choices/choices.ts";
import type { SimDisk } from "./disk.ts";
import type { MortalNode } from "./environment.ts";

const ACTS = [
  "",
  "crash",
  "pause 40s",
  "partition 30s",
  "lose connection",
  "clock +1h",
  "clock -10min",
] as const;

const VERSION_ACTS = ["", "is replaced"] as const;
const SERVER_ACTS = ["", "restart", "away 60s"] as const;

/** For a shorter time its pods are not ready for a while; for a longer one they are deleted. */
const NODE_ACTS = ["", "dies for 2min", "dies for 15min"] as const;

const DISK_ACTS = ["", "slow for 30s", "full for 30s", "fails with the next write"] as const;

/** Those to whom something may happen. */
export type Targets = {
  readonly processes: readonly SimProcess[];
  readonly servers: readonly ServerReplica[];
  /** Those that something runs on. */
  readonly nodes: readonly MortalNode[];
  readonly disk: SimDisk | undefined;
};

/** Asks once for each of them. `when` names the moment. */
export function nemesisActs(
  { processes, servers, nodes, disk }: Targets,
  when: string,
  choices: Choices,
): void {
  for (const process of processes) {
    actOn(process, choices.choose("world", `${process.name} ${when}`, ACTS));
    if (!process.hasBuilds) continue;
    const act = choices.choose("version", `${process.name} ${when}`, VERSION_ACTS);
    if (act === "is replaced") process.replace();
  }
  for (const server of servers) {
    const act = choices.choose("server", `${server.name} ${when}`, SERVER_ACTS);
    if (act === "restart") server.crash("for no reason", 1_000);
    if (act === "away 60s") server.crash("for a minute", 60_000);
  }
  for (const node of nodes) {
    const act = choices.choose("node", `${node.name} ${when}`, NODE_ACTS);
    if (act === "dies for 2min") node.dies(120_000);
    if (act === "dies for 15min") node.dies(900_000);
  }
  const act = choices.choose("disk", when, DISK_ACTS);
  if (act === "slow for 30s") disk?.becomesSlow(30_000);
  if (act === "full for 30s") disk?.becomesFull(30_000);
  if (act === "fails with the next write") disk?.failsNext();
}

function actOn(process: SimProcess, act: (typeof ACTS)[number]): void {
  switch (act) {
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
