/** Lists as sets: `sets.contains`, `sets.equivalent`, `sets.intersects`. */
import { CelError, noSuchOverload } from "../cel-error.ts";
import { pairsCost } from "../cost/kubernetes-costs.ts";
import { contains } from "../eval/equality.ts";
import { elementsOf } from "../eval/lists.ts";
import { isList } from "../eval/runtime-types.ts";
import { declare, overload, type CelLibrary, type Implementation } from "../functions.ts";
import { BOOL, listOf, parameter } from "../types.ts";
import type { CelList, CelResult } from "../values.ts";

const LISTS = [listOf(parameter("T")), listOf(parameter("T"))] as const;

export const SETS_LIBRARY: CelLibrary = {
  name: "sets",
  functions: [
    declare(
      "sets.contains",
      [overload("list_sets_contains_list", LISTS, BOOL, onLists(includes))],
      pairsCost(1),
    ),
    declare(
      "sets.equivalent",
      [overload("list_sets_equivalent_list", LISTS, BOOL, onLists(equivalent))],
      pairsCost(2),
    ),
    declare(
      "sets.intersects",
      [overload("list_sets_intersects_list", LISTS, BOOL, onLists(intersects))],
      pairsCost(1),
    ),
  ],
};

function onLists(run: (left: CelList, right: CelList) => CelResult): Implementation {
  return ([left = null, right = null]) =>
    isList(left) && isList(right) ? run(left, right) : noSuchOverload();
}

function includes(set: CelList, part: CelList): boolean | CelError {
  const elements = elementsOf(part);
  if (elements instanceof CelError) return elements;
  for (const element of elements) {
    const isIn = contains(set, element);
    if (isIn !== true) return isIn;
  }
  return true;
}

function equivalent(left: CelList, right: CelList): boolean | CelError {
  const isPart = includes(left, right);
  return isPart === true ? includes(right, left) : isPart;
}

function intersects(left: CelList, right: CelList): boolean | CelError {
  const elements = elementsOf(left);
  if (elements instanceof CelError) return elements;
  return elements.some((element) => contains(right, element) === true);
}
