/** Bindings by themselves: another way to say on which node a pod is to run. */
import type { Strategy } from "../../strategy.ts";
import { unstoredKind } from "../../unstored-kind.ts";
import { bindingSchema } from "./schema.generated.ts";
import type { Binding } from "./types.generated.ts";

export const bindingStrategy: Strategy<Binding> = unstoredKind(
  { group: "", version: "v1", kind: "Binding", isNamespaced: true },
  bindingSchema,
);
