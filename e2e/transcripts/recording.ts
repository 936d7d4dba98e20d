/** What a real API server was asked and answered: one JSON line a request, one file a scenario. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Step = {
  readonly scenario: string;
  readonly step: number;
  readonly request: {
    readonly method: string;
    readonly path: string;
    /** `null`: nobody in particular. */
    readonly user: string | null;
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: unknown;
  };
};

/** The scenarios, in the order in which they were recorded against one server. */
export const SCENARIOS: readonly string[] = [
  "configmap-lifecycle",
  "create-errors",
  "generateName",
  "patches",
  "deployment",
  "server-side-apply",
  "server-side-apply-of-lists",
  "list",
  "watch",
  "delete",
  "crd",
  "crd-errors",
  "pods",
  "services-and-others",
  "identity",
  "table-columns-of-every-kind",
  "yaml-and-negotiation",
  "health",
];

/** What a real server answered to the scenarios of our own. */
export const RECORDINGS: string = join(import.meta.dirname, "recordings");

/** The folder of the recordings; undefined where they are not at hand. */
export function recordingsFolder(): string | undefined {
  const reference = process.env["SETPOINT_REFERENCE"];
  if (reference === undefined) return undefined;
  const folder = join(reference, "kubernetes-1.36/transcripts");
  return existsSync(folder) ? folder : undefined;
}

export function readSteps(folder: string, scenario: string): readonly Step[] {
  return readFileSync(join(folder, `${scenario}.jsonl`), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Step);
}
