/** What each process has been shown of each object: by answers, and by events that arrived. */
import type { ApiObject } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";

/** @public What a process knows of an object. */
export type Knowledge = {
  /** As it was last shown. */
  readonly object: ApiObject;
  readonly revision: number;
};

/** How an object was shown: by a stream or a list, or by the answer to a call about it alone. */
export type Way = "view" | "answer";

/** Is told of all that is shown. */
export type OnShown = (actor: string, resource: string, object: ApiObject, way: Way) => void;

export class Seen {
  readonly #onShown: OnShown | undefined;
  /** By actor and object: `web-controller pods default/a`. */
  readonly #last = new Map<string, Knowledge>();

  /** By actor: the kind of what it was shown last. */
  readonly #shownLast = new Map<string, string>();

  /** `onShown` is told of all of it. */
  constructor(onShown?: OnShown) {
    this.#onShown = onShown;
  }

  /** The kind that the actor was shown something of last; undefined: nothing. */
  shownLast(actor: string): string | undefined {
    return this.#shownLast.get(actor);
  }

  /** The actor was shown an object. */
  note(actor: string, resource: string, object: ApiObject, way: Way = "view"): void {
    const { resourceVersion = "0" } = object.metadata;
    this.#onShown?.(actor, resource, object, way);
    this.#shownLast.set(actor, resource);
    const key = keyOf(actor, resource, object);
    const revision = Number(resourceVersion);
    const known = this.#last.get(key);
    if (known === undefined || known.revision <= revision)
      this.#last.set(key, { object, revision });
  }

  /** The actor was answered: all objects in the answer. */
  noteAnswer(actor: string, resource: string, { body }: ApiResponse): void {
    if (body.kind === "object" && body.object.value.kind !== "Status") {
      this.note(actor, resource, body.object.value, "answer");
    }
    if (body.kind === "list") for (const item of body.items) this.note(actor, resource, item.value);
  }

  /** A process that begins a new life knows nothing. */
  forget(actor: string): void {
    this.#shownLast.delete(actor);
    for (const key of this.#last.keys()) if (key.startsWith(`${actor} `)) this.#last.delete(key);
  }

  /** What the actor was last shown of it; undefined: nothing. */
  last(actor: string, resource: string, object: ApiObject): Knowledge | undefined {
    return this.#last.get(keyOf(actor, resource, object));
  }
}

function keyOf(actor: string, resource: string, { metadata }: ApiObject): string {
  return `${actor} ${resource} ${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}
