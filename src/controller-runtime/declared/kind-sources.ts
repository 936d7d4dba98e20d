/** The views a controller has, and what they wake: for good, or while the server has the kind. */
import { typeKey, type ResourceType } from "../../client/resource-type.ts";
import type { SharedInformer } from "../../informer/shared-informer-types.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { ControllerDeps } from "../controller/controller-spec.ts";
import { isWhenServed, ServedSource } from "../sources/served-source.ts";
import type { Source } from "../sources/source.ts";

export class KindSources {
  readonly #deps: ControllerDeps;
  readonly #own: ResourceType;
  readonly #lasting: Source[] = [];
  readonly #kept = new Set<string>();
  readonly #served = new Map<string, ServedSource>();

  /** `own`: the kind that is controlled; its objects are looked at when another comes or goes. */
  constructor(own: ResourceType, deps: ControllerDeps) {
    this.#deps = deps;
    this.#own = own;
  }

  get sources(): readonly Source[] {
    return [...this.#lasting, ...this.#served.values()];
  }

  /**
   * Without `make` there is a view, and nothing is woken by it; without `type` it is none of the
   * kinds of this server.
   */
  add(type: ResourceType | undefined, make?: () => Source): void {
    if (type === undefined || !isWhenServed(type)) {
      if (type !== undefined) {
        this.#deps.informers.for(type);
        this.#kept.add(typeKey(type));
      }
      if (make !== undefined) this.#lasting.push(make());
      return;
    }
    const known = this.#served.get(typeKey(type));
    const served = known ?? new ServedSource(type, this.#deps, () => this.#all());
    this.#served.set(typeKey(type), served);
    if (make !== undefined) served.add(make);
  }

  #all(): readonly ObjectKey[] {
    const all = this.#deps.informers.peek(this.#own)?.lister.list() ?? [];
    return all.map(keyOf);
  }

  /** Whether a kind that may come and go is there; undefined: it is none of those. */
  presenceOf(type: ResourceType): boolean | undefined {
    if (this.#kept.has(typeKey(type))) return undefined;
    return this.#served.get(typeKey(type))?.isServed;
  }

  /** A call has found that the kind may be gone. */
  doubt(type: ResourceType): void {
    this.#served.get(typeKey(type))?.doubt();
  }
}

/** The view of a kind; of one that comes and goes, the one that has just been made. */
export function viewOf<T extends ApiObject>(
  type: ResourceType<T>,
  { informers }: Pick<ControllerDeps, "informers">,
): SharedInformer<T> {
  const present = isWhenServed(type) ? informers.peek(type) : undefined;
  return present ?? informers.for(type);
}
