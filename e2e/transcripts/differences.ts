/** Where two answers differ, and which differences are meant. */

/** One place where an answer is not what was recorded. */
export type Difference = {
  /** `body.metadata.name`, `headers.warning`, `status`; list items as `[]`. */
  readonly path: string;
  readonly want: unknown;
  readonly got: unknown;
};

/** A difference that is meant, as a row of docs/reference/differences.md. */
export type KnownDifference = {
  /** "every": all of them. */
  readonly scenario: string;
  /** Step numbers; empty: every step of the scenario. */
  readonly steps: readonly number[];
  /** As in `Difference`, or the beginning of one. */
  readonly path: string;
};

/** Facts of the moment: present or absent counts, the value does not. */
const MASKED: ReadonlySet<string> = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "deletionTimestamp",
  "lastTransitionTime",
  "firstTimestamp",
  "time",
  "continue",
  "clusterIP",
  "clusterIPs",
  "nodePort",
  "storageVersionHash",
  "authentication.kubernetes.io/credential-id",
]);

/** Every difference of two values, deepest first found. */
export function differencesOf(want: unknown, got: unknown, path: string): readonly Difference[] {
  if (Array.isArray(want) && Array.isArray(got)) {
    const length = Math.max(want.length, got.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      differencesOf(want[index], got[index], `${path}[]`),
    );
  }
  if (isRecord(want) && isRecord(got)) {
    const keys = [...new Set([...Object.keys(want), ...Object.keys(got)])].sort();
    return keys.flatMap((key) => {
      const isMasked = MASKED.has(key) && typeof want[key] === typeof got[key];
      if (isMasked) return [];
      const [left, right] = [want[key], got[key]].map((value) => inOrder(key, value));
      return differencesOf(left, right, `${path}.${key}`);
    });
  }
  const [left, right] = [maskText(want), maskText(got)];
  return Object.is(left, right) ? [] : [{ path, want: left, got: right }];
}

/** Owners of fields stand in the order of their times, which are of the moment. */
function inOrder(key: string, value: unknown): unknown {
  if (key !== "managedFields" || !Array.isArray(value)) return value;
  const nameOf = (entry: unknown): string => {
    const { manager, operation, subresource, apiVersion } = isRecord(entry) ? entry : {};
    return JSON.stringify([manager, operation, subresource ?? "", apiVersion]);
  };
  return value.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Reads the table of meant differences: scenario, steps, path, reason. */
export function readKnownDifferences(markdown: string): readonly KnownDifference[] {
  const rows = markdown.split("\n").filter((line) => /^\| `[\w-]+` +\|/.test(line));
  return rows.map((row) => {
    const [, scenario = "", steps = "", path = ""] = row
      .split("|")
      .map((cell) => cell.trim().replaceAll("`", ""));
    return {
      scenario,
      steps: steps === "all" ? [] : steps.split(",").map((step) => Number(step.trim())),
      path,
    };
  });
}

export function isCovered(
  difference: Difference,
  at: { readonly scenario: string; readonly step: number },
  known: KnownDifference,
): boolean {
  if (known.scenario !== "every" && known.scenario !== at.scenario) return false;
  if (known.steps.length > 0 && !known.steps.includes(at.step)) return false;
  return difference.path.replace(/^body\[\]\.object/, "body").startsWith(known.path);
}

/** Longest value that is shown whole. */
const SHOWN_LENGTH_MAX = 400;

export function differenceText(step: number, { path, want, got }: Difference): string {
  const shown = (value: unknown): string =>
    (JSON.stringify(value) ?? "nothing").slice(0, SHOWN_LENGTH_MAX);
  return `${step} ${path}: want ${shown(want)}, got ${shown(got)}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Identities, times and chance inside texts. */
function maskText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UID")
    .replaceAll(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/g, "TIME")
    .replaceAll(/([Gg]en|kube-api-access)-[a-z0-9]{5}\b/g, "$1-*")
    .replaceAll(/in record \(\d+\)/g, "in record (*)")
    .replaceAll(/(resource version: )\d+(?!\d*9999999)/g, "$1*")
    .replaceAll(/current: \d+/g, "current: *")
    .replaceAll(/^( *resourceVersion: )"\d+"/gm, '$1"*"')
    .replaceAll(/^((\d+[dhms]){1,2}|<unknown>)$/g, "AGE");
}
