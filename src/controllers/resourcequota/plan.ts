/** What of a quota is used, from the objects there are. Pure. */
import { amountsOf, plus, type Amounts } from "../../apis/core/v1/quota/amounts.ts";
import { matchesScopes } from "../../apis/core/v1/quota/scopes.ts";
import { countedNames, usageOf, type CountedKind } from "../../apis/core/v1/quota/usage.ts";
import type { ResourceQuota } from "../../apis/core/v1/types.generated.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { compareText } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { compareQuantities, quantityText, ZERO_QUANTITY } from "../../machinery/quantity.ts";

/** All objects of one kind in the namespace of a quota. */
export type Counted = { readonly kind: CountedKind; readonly objects: readonly ApiObject[] };

/** Whether the quota limits anything that objects of this kind count for. */
export function limitsKind(quota: ResourceQuota, kind: CountedKind): boolean {
  return countedNames(kind, Object.keys(quota.spec.hard ?? {})).length > 0;
}

/**
 * The status the quota should have; the very same if it has it. What no known kind counts for stays
 * as it was found the last time.
 */
export function planQuota(
  quota: ResourceQuota,
  counted: readonly Counted[],
  nowMs: number,
): ResourceQuota["status"] {
  const hard = quota.spec.hard ?? {};
  const names = Object.keys(hard).sort(compareText);
  const used = new Map(amountsOf(quota.status.used));
  for (const { kind, objects } of counted) {
    const sum = sumOf(quota, kind, objects, nowMs);
    for (const name of countedNames(kind, names)) used.set(name, sum.get(name) ?? ZERO_QUANTITY);
  }
  const limited = new Map([...used].filter(([name]) => Object.hasOwn(hard, name)));
  const isCurrent =
    quota.status.used !== undefined &&
    equalValues(quota.status.hard, hard) &&
    equalAmounts(limited, amountsOf(quota.status.used));
  return isCurrent ? quota.status : { ...quota.status, hard, used: textsOf(limited) };
}

function sumOf(
  quota: ResourceQuota,
  kind: CountedKind,
  objects: readonly ApiObject[],
  nowMs: number,
): Amounts {
  let sum: Amounts = new Map();
  for (const object of objects) {
    if (matchesScopes(quota, object, kind)) sum = plus(sum, usageOf(object, kind, nowMs));
  }
  return sum;
}

/** Whether the same is meant, however it is written. */
export function equalAmounts(a: Amounts, b: Amounts): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([name, amount]) => {
    const other = b.get(name);
    return other !== undefined && compareQuantities(amount, other) === 0;
  });
}

function textsOf(amounts: Amounts): Readonly<Record<string, string>> {
  const names = [...amounts].sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(names.map(([name, amount]) => [name, quantityText(amount)]));
}
