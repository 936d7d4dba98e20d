/** An object without all that does not matter for what is wrong with it. */
import { equalValues, withField, withoutField } from "../../machinery/json-value.ts";
import { isApiObject, isFields, type ApiObject, type Fields } from "../../machinery/object.ts";

const STEPS_MAX = 500;

/**
 * Leaves out fields and items, one at a time, as long as the object stays `isBad`. `whole` fills in
 * what a server would.
 */
export function smallest(
  object: ApiObject,
  whole: (object: ApiObject) => ApiObject,
  isBad: (object: ApiObject) => boolean,
): ApiObject {
  let least = object;
  let steps = 0;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const candidate of smallerThan({ ...least })) {
      if (!isApiObject(candidate) || (steps += 1) > STEPS_MAX) continue;
      const filled = whole(candidate);
      if (equalValues(filled, least) || !isBad(filled)) continue;
      [least, isSmaller] = [filled, true];
      break;
    }
  }
  return least;
}

function* smallerThan(value: Fields): Generator<Fields> {
  for (const [name, member] of Object.entries(value)) {
    if (name === "apiVersion" || name === "kind" || name === "name") continue;
    if (name !== "metadata") yield withoutField(value, name);
    if (Array.isArray(member)) {
      for (let index = 0; index < member.length; index += 1) {
        yield withField(value, name, member.toSpliced(index, 1));
      }
    } else if (isFields(member)) {
      for (const inner of smallerThan(member)) yield withField(value, name, inner);
    }
  }
}
