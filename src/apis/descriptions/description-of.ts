/**
 * What the built-in shapes and their fields are, in words: `kubectl explain` prints them.
 *
 * They are kept as texts that are read once, when the first is asked for. A text is made of shapes,
 * each in a line of its own with its fields below it:
 *
 *     Toleration: Lets a pod onto nodes with a taint.
 *     - key: Key of the taint. None, with Exists, for all.
 *     - operator: Equal (the default) if the value must be the same,
 *       Exists for any.
 *
 * Shapes or fields that are described alike stand together, with commas between. A shape may stand
 * in several places: what is said of it adds up, and the last word counts.
 */
import { ACCESS } from "./access.ts";
import { APPS } from "./apps.ts";
import { AUTOSCALING } from "./autoscaling.ts";
import { BATCH } from "./batch.ts";
import { CONFIGURATION } from "./configuration.ts";
import { CONTAINER_STATUSES } from "./container-statuses.ts";
import { CONTAINERS } from "./containers.ts";
import { DEVICES } from "./devices.ts";
import { EXTENSIONS } from "./extensions.ts";
import { META } from "./meta.ts";
import { NETWORKING } from "./networking.ts";
import { NODES } from "./nodes.ts";
import { PERSISTENT_VOLUMES } from "./persistent-volumes.ts";
import { PODS } from "./pods.ts";
import { POLICIES } from "./policies.ts";
import { SCHEDULING } from "./scheduling.ts";
import { SERVICES } from "./services.ts";
import { STORAGE } from "./storage.ts";
import { VOLUMES_OF_OLD } from "./volumes-of-old.ts";
import { VOLUMES } from "./volumes.ts";

/** By the part of a definition's name before its last dot. */
const TEXTS: Readonly<Record<string, string>> = {
  "io.k8s.apimachinery.pkg.apis.meta.v1": META,
  "io.k8s.api.core.v1": [
    PODS + CONTAINERS + CONTAINER_STATUSES + SCHEDULING + VOLUMES + VOLUMES_OF_OLD,
    PERSISTENT_VOLUMES + SERVICES + NODES + CONFIGURATION,
  ].join(""),
  "io.k8s.api.apps.v1": APPS,
  "io.k8s.api.batch.v1": BATCH,
  ...AUTOSCALING,
  ...POLICIES,
  ...NETWORKING,
  ...STORAGE,
  ...EXTENSIONS,
  ...ACCESS,
  ...DEVICES,
};

/** Fields that mean the same in every shape that has them and does not say what they are. */
const EVERYWHERE: ReadonlyMap<string, string> = new Map([
  ["apiVersion", "Group and version of the API in whose form the object is."],
  ["kind", "Kind of the object."],
  ["metadata", "Name, labels and all else that every object has."],
  ["spec", "What is wanted."],
  ["status", "What was last seen. Controllers write it, not people."],
]);

const OF_LISTS: ReadonlyMap<string, string> = new Map([
  ...EVERYWHERE,
  ["items", "The objects."],
  ["metadata", "Which state of the cluster the list shows, and where it goes on."],
]);

/** Texts by field, "" for the shape itself. */
type Described = Map<string, string>;

let known: ReadonlyMap<string, Described> | undefined;

/** Undefined for what is not described. Without a field: of the definition itself. */
export function descriptionOf(definitionName: string, field?: string): string | undefined {
  known ??= readTexts();
  const described = known.get(definitionName);
  if (described !== undefined) {
    return described.get(field ?? "") ?? (field === undefined ? undefined : EVERYWHERE.get(field));
  }
  const item = definitionName.replace(/List$/, "");
  if (item === definitionName || !known.has(item)) return undefined;
  if (field !== undefined) return OF_LISTS.get(field);
  return `Objects of kind ${item.slice(item.lastIndexOf(".") + 1)}.`;
}

/** Names of everything that is described, and of the fields; for the tests. */
export function describedFields(): ReadonlyMap<string, readonly string[]> {
  known ??= readTexts();
  return new Map([...known].map(([name, fields]) => [name, [...fields.keys()]]));
}

function readTexts(): ReadonlyMap<string, Described> {
  const all = new Map<string, Described>();
  for (const [prefix, text] of Object.entries(TEXTS)) readText(prefix, text, all);
  return all;
}

function readText(prefix: string, text: string, all: Map<string, Described>): void {
  let shapes: readonly Described[] = [];
  for (const line of text.replaceAll("\n  ", " ").split("\n")) {
    if (line === "") continue;
    const { names, words } = partsOf(line.replace(/^- /, ""));
    if (line.startsWith("- ")) {
      for (const shape of shapes) for (const name of names) shape.set(name, words);
    } else {
      shapes = names.map((name) => shapeNamed(`${prefix}.${name}`, all));
      if (words !== "") for (const shape of shapes) shape.set("", words);
    }
  }
}

function partsOf(line: string): { readonly names: readonly string[]; readonly words: string } {
  const end = line.indexOf(": ");
  const names = end === -1 ? line : line.slice(0, end);
  return { names: names.split(", "), words: end === -1 ? "" : line.slice(end + 2) };
}

function shapeNamed(name: string, all: Map<string, Described>): Described {
  const known = all.get(name) ?? new Map<string, string>();
  all.set(name, known);
  return known;
}
