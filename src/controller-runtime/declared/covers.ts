/** Whether an object has what a writer wants of it already. */
import { isFields, own } from "../../machinery/object.ts";

/**
 * Whether every value in `wanted` is in `present` too. Lists must be of one length, item by item:
 * a no may be wrong (values spelled otherwise, lists merged by key), a yes is right.
 */
export function covers(present: unknown, wanted: unknown): boolean {
  if (Object.is(present, wanted)) return true;
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(present) &&
      present.length === wanted.length &&
      wanted.every((item: unknown, index) => covers(present[index], item))
    );
  }
  if (!isFields(wanted) || !isFields(present)) return false;
  return Object.entries(wanted).every(([name, value]) => covers(own(present, name), value));
}
