/**
 * Columns of tables, compared with those a real API server printed. The recordings are no part of
 * this repository: name the folder that holds them in SETPOINT_REFERENCE, or this is skipped.
 * Descriptions are our own words.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BUILT_IN } from "./registry.ts";

const file = join(
  process.env["SETPOINT_REFERENCE"] ?? "",
  "kubernetes-1.36/transcripts/table-columns-of-every-kind.jsonl",
);
const isPresent = process.env["SETPOINT_REFERENCE"] !== undefined && existsSync(file);

type Column = {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly priority: number;
};
type Step = {
  readonly request: { readonly path: string };
  readonly response: { readonly body: { readonly columnDefinitions: readonly Column[] } };
};

const lines = isPresent ? readFileSync(file, "utf8").split("\n") : [];
const steps = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Step);

describe.skipIf(!isPresent)("columns of a real API server", () => {
  for (const { names, columns } of BUILT_IN) {
    const { group, version, plural } = names;
    const path = `${group === "" ? "/api" : `/apis/${group}`}/${version}/${plural}`;
    const recorded = steps.find((step) => step.request.path.startsWith(`${path}?`));

    test.skipIf(recorded === undefined)(`those of ${path} are the same`, () => {
      const wanted = recorded?.response.body.columnDefinitions.map(essence);
      expect(columns.map((column) => essence({ format: "", ...column }))).toEqual(wanted);
    });
  }
});

function essence({ name, type, format, priority }: Column): Column {
  return { name, type, format, priority };
}
