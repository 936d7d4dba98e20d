import type { Env } from "../base/env.ts";
import { openLmdbStore } from "../store/lmdb-store.ts";
import { openMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import type { StoreOptions } from "./options.ts";

/** Opens the store a control plane keeps its objects in. */
export function openStore(
  options: StoreOptions,
  deps: { readonly env: Env; readonly historyMs: number },
): Promise<Store> {
  const retention = { windowMs: deps.historyMs };
  switch (options.kind) {
    case "memory":
      return openMemoryStore(deps.env, {
        retention,
        ...(options.copyOf === undefined ? {} : { copyOf: options.copyOf }),
      });
    case "lmdb":
      return openLmdbStore({ directory: options.directory, env: deps.env, retention });
  }
}
