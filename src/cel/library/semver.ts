/** Semantic versions: `semver("1.2.3").isLessThan(semver("2.0.0"))`. */
import { CelError, noSuchOverload } from "../cel-error.ts";
import { PARSE_COST } from "../cost/kubernetes-costs.ts";
import {
  declare,
  method,
  overload,
  type CelLibrary,
  type FunctionDeclaration,
  type Implementation,
} from "../functions.ts";
import { BOOL, INT, objectType, STRING, type CelObjectType, type CelType } from "../types.ts";
import type { CelOpaque, CelResult, CelValue } from "../values.ts";
import {
  compareVersions,
  parseLooseVersion,
  parseVersion,
  type ParsedVersion,
  type Version,
} from "./go-semver.ts";

export const SEMVER: CelObjectType = objectType("kubernetes.Semver", {});

/** A version as a value. */
class SemverValue implements CelOpaque {
  readonly kind = "opaque";
  readonly type: CelObjectType = SEMVER;
  readonly version: Version;

  constructor(version: Version) {
    this.version = version;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof SemverValue && compareVersions(this.version, other.version) === 0;
  }
}

export const SEMVER_LIBRARY: CelLibrary = {
  name: "kubernetes.semver",
  functions: [
    declare(
      "semver",
      [
        overload("string_to_semver", [STRING], SEMVER, toSemver),
        overload("string_bool_to_semver", [STRING, BOOL], SEMVER, toSemver),
      ],
      PARSE_COST,
    ),
    declare(
      "isSemver",
      [
        overload("is_semver_string", [STRING], BOOL, isSemver),
        overload("is_semver_string_bool", [STRING, BOOL], BOOL, isSemver),
      ],
      PARSE_COST,
    ),
    part("major", ({ major }) => major),
    part("minor", ({ minor }) => minor),
    part("patch", ({ patch }) => patch),
    comparison("isGreaterThan", "semver_is_greater_than", BOOL, (order) => order > 0),
    comparison("isLessThan", "semver_is_less_than", BOOL, (order) => order < 0),
    comparison("compareTo", "semver_compare_to", INT, (order) => BigInt(order)),
  ],
};

function parsed(text: CelValue, isLoose: CelValue): ParsedVersion | undefined {
  if (typeof text !== "string" || typeof isLoose !== "boolean") return undefined;
  return isLoose ? parseLooseVersion(text) : parseVersion(text);
}

function toSemver([text = null, isLoose = false]: readonly CelValue[]): CelResult {
  const result = parsed(text, isLoose);
  if (result === undefined) return noSuchOverload();
  return result.kind === "ok" ? new SemverValue(result.version) : new CelError(result.message);
}

function isSemver([text = null, isLoose = false]: readonly CelValue[]): CelResult {
  const result = parsed(text, isLoose);
  return result === undefined ? noSuchOverload() : result.kind === "ok";
}

function part(name: string, read: (version: Version) => bigint): FunctionDeclaration {
  const run: Implementation = ([value = null]) =>
    value instanceof SemverValue ? BigInt.asIntN(64, read(value.version)) : noSuchOverload();
  return declare(name, [method(`semver_${name}`, [SEMVER], INT, run)]);
}

function comparison(
  name: string,
  id: string,
  type: CelType,
  result: (order: number) => CelValue,
): FunctionDeclaration {
  const run: Implementation = ([left = null, right = null]) => {
    if (!(left instanceof SemverValue) || !(right instanceof SemverValue)) return noSuchOverload();
    return result(compareVersions(left.version, right.version));
  };
  return declare(name, [method(id, [SEMVER, SEMVER], type, run)]);
}
