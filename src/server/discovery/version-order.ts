/** The order of versions: the one clients should prefer comes first. */
import { compareText } from "../../machinery/key.ts";

/** Stable before beta before alpha, and newer before older: v2, v1, v2beta1, v1alpha1. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionRank(a), versionRank(b)];
  for (const [index, rank] of left.entries()) {
    const difference = (right[index] ?? 0) - rank;
    if (difference !== 0) return difference;
  }
  return compareText(a, b);
}

function versionRank(version: string): readonly number[] {
  const match = /^v([1-9][0-9]{0,8})(?:(alpha|beta)([1-9][0-9]{0,8}))?$/.exec(version);
  if (match === null) return [0, 0, 0];
  const [, major = "0", stage, minor = "0"] = match;
  const stability = stage === undefined ? 3 : stage === "beta" ? 2 : 1;
  return [stability, Number(major), Number(minor)];
}
