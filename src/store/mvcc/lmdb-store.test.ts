import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Env } from "../../base/env.ts";
import type { Store } from "../store.ts";
import { storeConformance } from "../conformance.ts";
import { openLmdbStore } from "../lmdb-store.ts";

const folders: string[] = [];
const folderOf = new WeakMap<Store, string>();

async function openIn(directory: string, env: Env): Promise<Store> {
  const store = await openLmdbStore({ directory, env });
  folderOf.set(store, directory);
  return store;
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

storeConformance("LMDB store", {
  open: async (env) => {
    const folder = await mkdtemp(join(tmpdir(), "setpoint-store-"));
    folders.push(folder);
    return openIn(folder, env);
  },
  reopen: async (store, env) => {
    await store.close();
    return openIn(folderOf.get(store) ?? "", env);
  },
});
