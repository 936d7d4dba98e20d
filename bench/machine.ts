/** What a figure was measured on: without it, a figure says nothing. */
import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";

/** One line: processor, memory, Node, commit. */
export function machineLine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const processor = `${cores[0]?.model ?? "unknown CPU"} x${cores.length}`;
  return `${processor}, ${memory} GiB, Node ${process.version}, ${commit()}`;
}

function commit(): string {
  try {
    const isDirty = git("status", "--porcelain") !== "";
    return `commit ${git("rev-parse", "--short=12", "HEAD")}${isDirty ? " with changes" : ""}`;
  } catch {
    return "no commit";
  }
}

function git(...words: readonly string[]): string {
  return execFileSync("git", words, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

/** `p50`, `p99` and the like of unsorted samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
