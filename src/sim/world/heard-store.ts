/** A store that tells of reads, and of each commit before anybody else can have read it. */
import type { Context } from "../../base/context.ts";
import type { CauseRow } from "../../trace/cause.ts";
import type { Entry, Revision, Store } from "../../store/store.ts";

/** One commit. `entry` undefined: the key is gone. */
export type Commit = {
  readonly key: string;
  readonly revision: Revision;
  readonly entry: Entry | undefined;
  readonly cause: CauseRow;
};

export type Listener = {
  readonly onCommit: (commit: Commit) => void;
  /** A key, or the beginning of keys, is looked at. */
  readonly onRead: (what: string) => void;
};

export function heardStore(store: Store, { onCommit, onRead }: Listener): Store {
  const put = (entry: Entry, cause: CauseRow): Entry => {
    onCommit({ key: entry.key, revision: entry.revision, entry, cause });
    return entry;
  };
  return {
    create: async (key: string, value: Uint8Array, cause: CauseRow, context: Context) =>
      put(await store.create(key, value, cause, context), cause),
    update: async (key, expected, value, cause, context) =>
      put(await store.update(key, expected, value, cause, context), cause),
    delete: async (key, expected, cause, context) => {
      const revision = await store.delete(key, expected, cause, context);
      onCommit({ key, revision, entry: undefined, cause });
      return revision;
    },
    get: (key, context) => {
      onRead(key);
      return store.get(key, context);
    },
    range: (options, context) => {
      onRead(options.prefix);
      return store.range(options, context);
    },
    watch: (options, context) => {
      onRead(options.prefix);
      return store.watch(options, context);
    },
    progress: (prefix) => store.progress(prefix),
    history: (key, options, context) => store.history(key, options, context),
    change: (at, context) => store.change(at, context),
    causes: (after, options, context) => store.causes(after, options, context),
    compact: (at, context) => store.compact(at, context),
    status: () => store.status(),
    failed: store.failed,
    close: () => store.close(),
  };
}
