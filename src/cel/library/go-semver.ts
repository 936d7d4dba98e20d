/** Semantic versions as upstream's library reads them, errors included. */
import { UINT_MAX } from "../eval/numbers.ts";
import { quoted } from "../../machinery/go-quote.ts";

export type Version = {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly preRelease: readonly (string | bigint)[];
};

export type ParsedVersion =
  | { readonly kind: "ok"; readonly version: Version }
  | { readonly kind: "error"; readonly message: string };

/** Stops parsing; the message becomes the result. */
class VersionProblem extends Error {
  override readonly name = "VersionProblem";
}

/** A version in its full form, e.g. `1.2.3-beta.1+build`. */
export function parseVersion(text: string): ParsedVersion {
  return attempt(() => versionOf(text));
}

/** The same with a `v` before it, zeros before numbers, and missing numbers added. */
export function parseLooseVersion(text: string): ParsedVersion {
  return attempt(() => versionOf(normalized(text)));
}

function attempt(run: () => Version): ParsedVersion {
  try {
    return { kind: "ok", version: run() };
  } catch (error) {
    if (!(error instanceof VersionProblem)) throw error;
    return { kind: "error", message: error.message };
  }
}

function normalized(text: string): string {
  const parts = splitAtDots(text.replace(/^v/, ""), 3).map((part) => {
    if (part.length <= 1) return part;
    const trimmed = part.replace(/^0+/, "");
    return /^[0-9]/.test(trimmed) ? trimmed : `0${trimmed}`;
  });
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? "")) {
    throw new VersionProblem("short version cannot contain PreRelease/Build meta data");
  }
  while (parts.length < 3) parts.push("0");
  return parts.join(".");
}

function splitAtDots(text: string, most: number): string[] {
  const parts = text.split(".");
  if (parts.length <= most) return parts;
  return [...parts.slice(0, most - 1), parts.slice(most - 1).join(".")];
}

function versionOf(text: string): Version {
  if (text === "") throw new VersionProblem("Version string empty");
  const parts = splitAtDots(text, 3);
  const [major = "", minor = "", tail = ""] = parts;
  if (parts.length !== 3) {
    throw new VersionProblem("No Major.Minor.Patch elements found");
  }
  const numbers = { major: numberOf(major, "major"), minor: numberOf(minor, "minor") };
  const plus = tail.indexOf("+");
  const beforeBuild = plus < 0 ? tail : tail.slice(0, plus);
  if (plus >= 0) checkBuild(tail.slice(plus + 1));
  const dash = beforeBuild.indexOf("-");
  const patch = numberOf(dash < 0 ? beforeBuild : beforeBuild.slice(0, dash), "patch");
  const preRelease =
    dash < 0
      ? []
      : beforeBuild
          .slice(dash + 1)
          .split(".")
          .map(preReleasePart);
  return { ...numbers, patch, preRelease };
}

function numberOf(text: string, name: string): bigint {
  const title = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  if (!/^[0-9]*$/.test(text)) {
    throw new VersionProblem(`Invalid character(s) found in ${name} number ${quoted(text)}`);
  }
  if (text.length > 1 && text.startsWith("0")) {
    throw new VersionProblem(`${title} number must not contain leading zeroes ${quoted(text)}`);
  }
  return uint(text);
}

function uint(text: string): bigint {
  const call = `strconv.ParseUint: parsing ${quoted(text)}`;
  if (text === "") throw new VersionProblem(`${call}: invalid syntax`);
  const value = text.length > 20 ? UINT_MAX + 1n : BigInt(text);
  if (value > UINT_MAX) throw new VersionProblem(`${call}: value out of range`);
  return value;
}

function preReleasePart(text: string): string | bigint {
  if (text === "") throw new VersionProblem("Prerelease is empty");
  if (/^[0-9]+$/.test(text)) {
    if (text.length > 1 && text.startsWith("0")) {
      const what = "Numeric PreRelease version must not contain leading zeroes";
      throw new VersionProblem(`${what} ${quoted(text)}`);
    }
    return uint(text);
  }
  if (/^[0-9A-Za-z-]+$/.test(text)) return text;
  throw new VersionProblem(`Invalid character(s) found in prerelease ${quoted(text)}`);
}

function checkBuild(text: string): void {
  for (const part of text.split(".")) {
    if (part === "") throw new VersionProblem("Build meta data is empty");
    if (!/^[0-9A-Za-z-]+$/.test(part)) {
      throw new VersionProblem(`Invalid character(s) found in build meta data ${quoted(part)}`);
    }
  }
}

/** -1, 0 or 1. A pre-release comes before its release; the build means nothing. */
export function compareVersions(a: Version, b: Version): number {
  for (const part of ["major", "minor", "patch"] as const) {
    if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1;
  }
  if (a.preRelease.length === 0 || b.preRelease.length === 0) {
    return Math.sign(b.preRelease.length - a.preRelease.length);
  }
  for (const [index, part] of a.preRelease.entries()) {
    const other = b.preRelease[index];
    if (other === undefined) return 1;
    const difference = compareParts(part, other);
    if (difference !== 0) return difference;
  }
  return a.preRelease.length < b.preRelease.length ? -1 : 0;
}

/** Numbers come before words. */
function compareParts(a: string | bigint, b: string | bigint): number {
  if (a === b) return 0;
  if (typeof a !== typeof b) return typeof a === "bigint" ? -1 : 1;
  return a < b ? -1 : 1;
}
