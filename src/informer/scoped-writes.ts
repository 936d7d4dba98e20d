/**
 * The own writes of an informer: those outside of what it follows are not shown.
 *
 * A class, where an object with a getter would do: V8 makes a hidden class for each of those, which
 * keeps it, and all it reaches, until the next full collection.
 */
import type { ObjectKey } from "../machinery/key.ts";
import type { ApiObject, Uid } from "../machinery/object.ts";
import type { Keep } from "./kept.ts";
import type { Scope } from "./lister-watcher.ts";
import type { OwnWrites } from "./lister.ts";
import type { LocalView } from "./local-view.ts";

export class ScopedWrites<T extends ApiObject> implements OwnWrites<T> {
  readonly #view: LocalView<T>;
  readonly #scope: Scope;
  readonly #keep: Keep<T>;

  constructor(view: LocalView<T>, scope: Scope, keep: Keep<T>) {
    this.#view = view;
    this.#scope = scope;
    this.#keep = keep;
  }

  get deletions(): number {
    return this.#view.deletions;
  }

  wrote(object: T, sentAfter?: number): void {
    if (!this.#isInNamespace(object.metadata.namespace ?? "")) return;
    // Whether a selector picks an object is the server's to say; one it has picked before is shown.
    const { labelSelector, fieldSelector } = this.#scope;
    const isSelected = labelSelector === undefined && fieldSelector === undefined;
    const { namespace = "", name = "" } = object.metadata;
    if (isSelected || this.#view.indexer.get({ namespace, name }) !== undefined) {
      this.#view.wrote(this.#keep(object), sentAfter);
    }
  }

  deleted(key: ObjectKey, uid: Uid): void {
    if (this.#isInNamespace(key.namespace)) this.#view.deleted(key, uid);
  }

  #isInNamespace(namespace: string): boolean {
    return this.#scope.namespace === undefined || this.#scope.namespace === namespace;
  }
}
