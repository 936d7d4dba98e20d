/**
 * Published objects with every field set, one of each kind: none of them may get lost. They are
 * no part of this repository: name the folder that holds them in SETPOINT_REFERENCE, or this is
 * skipped.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ApiObject } from "../machinery/object.ts";
import { checkFields } from "../schema/strict.ts";
import { BUILT_IN } from "./registry.ts";

const folder = join(process.env["SETPOINT_REFERENCE"] ?? "", "kubernetes-1.36/objects");
const isPresent = process.env["SETPOINT_REFERENCE"] !== undefined && existsSync(folder);

/** Is written as something else. */
const WRITE_ONLY = /^\.stringData\./;

for (const strategy of BUILT_IN) {
  const { group, version, kind } = strategy.names;
  const file = join(folder, `${group === "" ? "core" : group}.${version}.${kind}.json`);
  test.skipIf(!isPresent || !existsSync(file))(`${kind}: all fields are known and kept`, () => {
    const sent = JSON.parse(readFileSync(file, "utf8")) as ApiObject;
    expect(checkFields(sent, strategy.schema)).toMatchObject({ unknown: [] });
    const kept = new Set(pathsOf(strategy.applyDefaults(sent)));
    const lost = pathsOf(sent).filter((path) => !kept.has(path) && !WRITE_ONLY.test(path));
    expect(lost).toEqual([]);
  });
}

/** Where there is a value: `spec.ports.0.name`. A default may change it, but not take it away. */
function pathsOf(value: unknown, path = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, `${path}.${key}`));
}
