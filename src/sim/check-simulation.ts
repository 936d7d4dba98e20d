/** What is given to `simulate()`, judged before anything runs: each refusal names the option. */
import { milliseconds, type Duration } from "../base/duration.ts";
import { errorText } from "../base/error-text.ts";
import { checkOptions, nearest, type OptionNames } from "../base/option-names.ts";
import { isFields } from "../machinery/object.ts";
import type { ChoiceClass } from "./choices/choices.ts";
import { sameAsWithoutFaults } from "./oracles/reference.ts";
import { standardNames } from "./oracles/standard-oracles.ts";
import type { SimulateOptions } from "./simulate-options.ts";

const NAMES: OptionNames<SimulateOptions> = {
  controllers: true,
  previous: true,
  replicas: true,
  leaderElection: true,
  shards: true,
  servers: true,
  webhooks: true,
  processes: true,
  kinds: true,
  given: true,
  scenario: true,
  invariants: true,
  without: true,
  hasNodes: true,
  hasCollector: true,
  faults: true,
  explore: true,
  faultsMax: true,
  runs: true,
  time: true,
  seed: true,
  tape: true,
  until: true,
  tapes: true,
};

/** All classes. */
export const CLASSES: readonly ChoiceClass[] = [
  "call",
  "latency",
  "lag",
  "event",
  "list",
  "order",
  "world",
  "pace",
  "server",
  "webhook",
  "node",
  "version",
  "external",
  "disk",
];

/** Of which all decisions are tried where nothing else is said: others have too many. */
export const EXHAUSTIVE_CLASSES: readonly ChoiceClass[] = ["call", "order"];

/** Throws `TypeError` for the first option that makes no sense, with what is possible. */
export function checkSimulation(options: SimulateOptions): void {
  checkOptions("simulate", options, NAMES);
  for (const [name, check] of CHECKS) {
    const value = options[name];
    if (value === undefined && name !== "scenario") continue;
    const wrong = check(value);
    if (wrong !== undefined) throw new TypeError(`simulate: ${name}${wrong}`);
  }
}

/** What is wrong with a value, to be said after the name of its option; undefined: nothing. */
type Check = (value: unknown) => string | undefined;

const WAYS: readonly string[] = ["sampled", "guided", "exhaustive"];
const BOOLEANS: readonly unknown[] = [true, false];
const WEBHOOKS: readonly unknown[] = ["admission", "conversion"];

const isFunction = (value: unknown): boolean => typeof value === "function";
const isOperation = (value: unknown): boolean =>
  isFields(value) && typeof value["name"] === "string" && isFunction(value["run"]);
const operations = listOf("what create, apply, change, remove or install have made", isOperation);
const controllers = listOf("what controller() has made, or a function (deps) => spec", isFunction);

const CHECKS: readonly (readonly [keyof SimulateOptions, Check])[] = [
  ["scenario", operations],
  ["given", operations],
  ["controllers", controllers],
  ["previous", controllers],
  ["processes", one("programs by name: { api: ({ client }) => program }", arePrograms)],
  ["kinds", listOf("kinds, as defineResource makes them", isKind)],
  ["webhooks", listOf("what admission() or conversion() have made", isWebhook)],
  ["invariants", listOf("what always, eventually, never, ... have made", isInvariant)],
  ["faults", namesOf("class", () => CLASSES)],
  ["without", namesOf("oracle", () => [...standardNames(), sameAsWithoutFaults().name])],
  ["explore", one(`one of ${WAYS.join(", ")}`, (value) => WAYS.some((way) => way === value))],
  ["runs", wholeFrom(1)],
  ["faultsMax", wholeFrom(0)],
  ["seed", one("a whole number", Number.isSafeInteger)],
  ["time", duration],
  ["hasNodes", one("true, false or objects", (value) => [...BOOLEANS, "objects"].includes(value))],
  ["hasCollector", one("true or false", (value) => BOOLEANS.includes(value))],
  ["tape", one("the path of a tape, or { seed, operations, taken }", isTape)],
  ["tapes", one('the path of a folder, or ""', (value) => typeof value === "string")],
];

function one(wanted: string, isFit: (value: unknown) => boolean): Check {
  return (value) => (isFit(value) ? undefined : `: must be ${wanted}, not ${shown(value)}`);
}

function listOf(wanted: string, isFit: (value: unknown) => boolean): Check {
  return (value) => {
    if (!Array.isArray(value)) return `: must be a list of ${wanted}, not ${shown(value)}`;
    const place = value.findIndex((each) => !isFit(each));
    return place < 0 ? undefined : `[${place}]: must be ${wanted}, not ${shown(value[place])}`;
  };
}

function namesOf(what: string, known: () => readonly string[]): Check {
  return (value) => {
    const all = known();
    if (!Array.isArray(value)) return `: must be a list of names, not ${shown(value)}`;
    const wrong: unknown = value.find((each) => !all.some((name) => name === each));
    if (wrong === undefined) return undefined;
    const meant = typeof wrong === "string" ? nearest(wrong, all) : undefined;
    const hint = meant === undefined ? `known are ${all.join(", ")}` : `did you mean ${meant}?`;
    return `: unknown ${what} ${shown(wrong)}; ${hint}`;
  };
}

function wholeFrom(least: number): Check {
  return one(
    `a whole number from ${least} on`,
    (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= least,
  );
}

/** A length of time, judged where it is understood. */
function duration(value: unknown): string | undefined {
  if (!isDuration(value)) return `: must be milliseconds or a text like 30s, not ${shown(value)}`;
  try {
    return milliseconds(value) > 0 ? undefined : ": must be more than nothing";
  } catch (error) {
    return `: ${errorText(error)}`;
  }
}

function isDuration(value: unknown): value is Duration {
  return typeof value === "number" || (typeof value === "string" && /^\d.*[a-z]$/.test(value));
}

function arePrograms(value: unknown): boolean {
  return isFields(value) && Object.values(value).every(isFunction);
}

function isKind(value: unknown): boolean {
  return isFields(value) && typeof value["kind"] === "string" && "resource" in value;
}

function isWebhook(value: unknown): boolean {
  return isFields(value) && WEBHOOKS.includes(value["kind"]) && isFunction(value["handlers"]);
}

function isInvariant(value: unknown): boolean {
  return isFields(value) && typeof value["name"] === "string" && isFunction(value["make"]);
}

function isTape(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  if (!isFields(value)) return false;
  return (
    Number.isSafeInteger(value["seed"]) &&
    Array.isArray(value["operations"]) &&
    value["operations"].every((name) => typeof name === "string") &&
    isFields(value["taken"])
  );
}

/** A value in a few words. */
function shown(value: unknown): string {
  if (typeof value === "function") return value.name === "" ? "a function" : value.name;
  if (value instanceof Promise) return "a promise";
  if (typeof value === "number" || value === undefined) return String(value);
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...` : text;
}

const SHOWN_MAX = 80;
