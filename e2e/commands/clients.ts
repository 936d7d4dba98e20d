/** The real clients the tables are run with. What is not there is skipped visibly. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

export type Client = {
  /** What is put first on PATH. */
  readonly folder: string;
  /** As in 1.35. */
  readonly minor: number;
};

/**
 * Each folder in `SETPOINT_KUBECTLS` (separated by colons) that holds a kubectl; without it, the
 * kubectl on PATH.
 */
export const KUBECTLS: readonly Client[] = foldersWith(
  "kubectl",
  process.env["SETPOINT_KUBECTLS"] ?? firstOf("kubectl"),
).map((folder) => ({ folder, minor: minorOf(join(folder, "kubectl")) }));

/** A helm on PATH, by its folder. */
export const HELM: string | undefined = foldersWith("helm", process.env["PATH"] ?? "")[0];

function foldersWith(program: string, path: string): readonly string[] {
  return path.split(":").filter((folder) => folder !== "" && existsSync(join(folder, program)));
}

function firstOf(program: string): string {
  return foldersWith(program, process.env["PATH"] ?? "")[0] ?? "";
}

function minorOf(kubectl: string): number {
  const version = execFileSync(kubectl, ["version", "--client"], { encoding: "utf8" });
  const minor = /Client Version: v1\.(\d+)/.exec(version)?.[1];
  if (minor === undefined) throw new Error(`${dirname(kubectl)}: ${version}`);
  return Number(minor);
}
