/** Label selectors: the query form (`a=b,c in (d,e)`) and the object form (`LabelSelector`). */
import { compareText } from "./key.ts";
import type { ObjectMeta } from "./object.ts";

/** Labels of an object, or those that a selector asks for. */
export type Labels = Readonly<Record<string, string>>;

/**
 * How a requirement compares: as in the query form of selectors (`app=web,tier notin (a,b),!old`).
 * `gt` and `lt` compare whole numbers.
 */
export type LabelOperator = "=" | "!=" | "in" | "notin" | "exists" | "!" | "gt" | "lt";

/** One condition; all conditions of a selector must hold. */
export type LabelRequirement = {
  readonly key: string;
  readonly operator: LabelOperator;
  /** Sorted, unique. One for =, !=, gt, lt; none for exists and !. */
  readonly values: readonly string[];
};

/** Matches everything when it has no requirements. */
export type LabelQuery = { readonly requirements: readonly LabelRequirement[] };

/** `LabelSelector` of metav1, as it stands in objects. */
export type LabelSelector = {
  /** Labels that an object must have, with these values. */
  readonly matchLabels?: Labels;
  /** Further conditions; all of them must hold. */
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string; // In, NotIn, Exists, DoesNotExist
    readonly values?: readonly string[];
  }[];
};

/** Matches every object. */
export const EVERYTHING: LabelQuery = { requirements: [] };

/** Whether objects with `labels` are selected. */
export function matchesLabels(query: LabelQuery, labels: Labels | undefined): boolean {
  return query.requirements.every((requirement) => holds(requirement, labels ?? {}));
}

/** Whether `meta`'s labels satisfy an object-form selector. An absent selector selects nothing. */
export function selects(selector: LabelSelector | undefined, meta: ObjectMeta): boolean {
  if (selector === undefined) return false;
  return matchesLabels(queryOfSelector(selector), meta.labels);
}

/** The query with the same meaning. Unknown operators match nothing. */
export function queryOfSelector(selector: LabelSelector): LabelQuery {
  const equal = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): LabelRequirement => ({ key, operator: "=", values: [value] }),
  );
  const expressions = (selector.matchExpressions ?? []).map((expression): LabelRequirement => {
    const values = [...new Set(expression.values ?? [])].sort(compareText);
    switch (expression.operator) {
      case "In":
        return { key: expression.key, operator: "in", values };
      case "NotIn":
        return { key: expression.key, operator: "notin", values };
      case "Exists":
        return { key: expression.key, operator: "exists", values: [] };
      case "DoesNotExist":
        return { key: expression.key, operator: "!", values: [] };
      default:
        return { key: expression.key, operator: "in", values: [] };
    }
  });
  return { requirements: [...equal, ...expressions] };
}

/** The query form, which `parseLabelQuery` reads back to an equal query. */
export function labelQueryText(query: LabelQuery): string {
  return query.requirements.map(requirementText).join(",");
}

/** A query for exactly these labels. */
export function queryOfLabels(labels: Labels): LabelQuery {
  return queryOfSelector({ matchLabels: labels });
}

function requirementText(requirement: LabelRequirement): string {
  const { key, operator, values } = requirement;
  switch (operator) {
    case "exists":
      return key;
    case "!":
      return `!${key}`;
    case "in":
    case "notin":
      // A lone empty value needs a comma: `()` would be no value at all.
      return `${key} ${operator} (${values.length === 1 ? values[0] || "," : values.join(",")})`;
    case "gt":
      return `${key}>${values[0] ?? ""}`;
    case "lt":
      return `${key}<${values[0] ?? ""}`;
    case "=":
    case "!=":
      return `${key}${operator}${values[0] ?? ""}`;
  }
}

function holds(requirement: LabelRequirement, labels: Labels): boolean {
  const { key, operator, values } = requirement;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "=":
    case "in":
      return value !== undefined && values.includes(value);
    case "!=":
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "gt":
      return isInteger(value) && BigInt(value) > BigInt(values[0] ?? "0");
    case "lt":
      return isInteger(value) && BigInt(value) < BigInt(values[0] ?? "0");
  }
}

function isInteger(text: string | undefined): text is string {
  return text !== undefined && /^-?[0-9]{1,19}$/.test(text);
}
