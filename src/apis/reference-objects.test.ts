/**
 * One object of each kind with every field set, as upstream keeps them to prove that no field gets
 * lost. They are no part of this repository: name the folder that holds them in SETPOINT_REFERENCE,
 * or this is skipped.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isFields, type ApiObject } from "../machinery/object.ts";
import { checkFields } from "../schema/strict.ts";
import { canonicalForm } from "./canonical-form.ts";
import { BUILT_IN } from "./registry.ts";
import type { AnyStrategy } from "./strategy.ts";

const folder = join(process.env["SETPOINT_REFERENCE"] ?? "", "kubernetes-1.36/objects");
const isPresent = process.env["SETPOINT_REFERENCE"] !== undefined && existsSync(folder);

describe.skipIf(!isPresent)("objects with every field", () => {
  for (const strategy of BUILT_IN) {
    const { group, version, kind } = strategy.names;
    const name = `${group === "" ? "core" : group}.${version}.${kind}`;
    const file = join(folder, `${name}.json`);
    if (isPresent && !existsSync(file)) continue; // kinds of servers beside the main one
    const object: unknown = JSON.parse(isPresent ? readFileSync(file, "utf8") : "{}");

    test(`${name} is read without a complaint`, () => {
      const report = checkFields(object, strategy.schema);
      expect([report.unknown, report.typeProblems]).toEqual([[], []]);
    });

    test(`${name} keeps every field in its canonical form and with its defaults`, () => {
      const sent = respelled(strategy, object);
      expect(lostFields(sent, canonicalForm(sent, strategy.schema))).toEqual([]);
      const withDefaults: unknown = strategy.applyDefaults(sent);
      expect(lostFields(sent, withDefaults).filter((path) => !GATED.test(path))).toEqual([]);
      expect(strategy.applyDefaults(withDefaults as ApiObject)).toEqual(withDefaults);
    });

    test(`${name} is checked and shown, whatever is wrong with it`, () => {
      const withDefaults = strategy.applyDefaults(respelled(strategy, object));
      expect(Array.isArray(strategy.validate(withDefaults))).toBe(true);
      // Upstream gives addresses an age and no column for it.
      const cellsMore = strategy.names.kind === "IPAddress" ? 1 : 0;
      const cells = strategy.row(withDefaults, 0);
      expect(cells).toHaveLength(strategy.columns.length + cellsMore);
      expect(Array.isArray(strategy.warnings?.(withDefaults, undefined) ?? [])).toBe(true);
    });

    test.skipIf(strategy.storedAs === undefined)(`${name} comes back from its other form`, () => {
      const sent = strategy.applyDefaults(respelled(strategy, object));
      const stored = strategy.storedAs?.toStored(sent);
      const back: unknown =
        stored === undefined ? undefined : strategy.storedAs?.fromStored(stored);
      expect(lostFields(sent, back)).toEqual([]);
    });
  }
});

/** Old names of fields, which say what the new ones say. */
const ALIAS = /\.(?:serviceAccount|podIPs\[0\]\.ip|podCIDRs\[0\])$/;
/** Fields behind gates that are closed in 1.36: they are dropped where they come from people. */
const GATED = /\.(?:clusterTrustBundle|podCertificate|schedulingGroup|lifecycle\.stopSignal)\b/;

/** What is written to be turned into something else is left out: texts of a secret. */
function respelled(strategy: AnyStrategy, object: unknown): unknown {
  if (strategy.names.kind !== "Secret" || !isFields(object)) return object;
  const { stringData: _, ...rest } = object;
  return rest;
}

/** Paths of values in `before` that `after` says nothing, or something else, of. */
function lostFields(before: unknown, after: unknown, path = ""): readonly string[] {
  if (Array.isArray(before)) {
    const list: readonly unknown[] = Array.isArray(after) ? after : [];
    return before.flatMap((item, index) => lostFields(item, list[index], `${path}[${index}]`));
  }
  if (isFields(before)) {
    const fields = isFields(after) ? after : {};
    return Object.entries(before).flatMap(([key, value]) =>
      lostFields(value, fields[key], `${path}.${key}`),
    );
  }
  if (before === after || ALIAS.test(path)) return [];
  return [`${path}: ${JSON.stringify(before)} ${JSON.stringify(after)}`];
}
