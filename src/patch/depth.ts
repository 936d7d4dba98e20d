import { isDeeperThan, VALUE_DEPTH_MAX } from "../machinery/json-value.ts";
import { PatchError } from "./patch-error.ts";

/** Merging recurses over patches and documents, so neither may be deeper than the API accepts. */
export function checkDepth(...values: readonly unknown[]): void {
  for (const value of values) {
    if (isDeeperThan(value, VALUE_DEPTH_MAX)) {
      throw new PatchError("malformed", `exceeded max depth of ${VALUE_DEPTH_MAX}`);
    }
  }
}
