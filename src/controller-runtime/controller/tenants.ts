/** Whose a key is, where a controller says so (`fairBy`). */
import type { Log } from "../../base/env.ts";
import { parseKey, type ObjectKey } from "../../machinery/key.ts";

/** Keys for which `fairBy` has no answer are of one tenant, without a name; that is told once. */
export function tenantsOf(
  controller: string,
  fairBy: (key: ObjectKey) => string,
  log: Log,
): (key: string) => string {
  let hasTold = false;
  return (key) => {
    try {
      const tenant: unknown = fairBy(parseKey(key));
      if (typeof tenant === "string") return tenant;
      throw new TypeError(`fairBy answers with a text, not with ${typeof tenant}`);
    } catch (error) {
      if (!hasTold) log.error("fairBy has no answer for an object", { controller, key, error });
      hasTold = true; // once is enough: it is asked again and again
      return "";
    }
  };
}
