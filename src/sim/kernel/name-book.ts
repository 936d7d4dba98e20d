/**
 * What objects are called in names of decisions. A name that the server made up differs from run to
 * run where order does; here it is its beginning and the object's number among its like.
 */
import type { ApiObject } from "../../machinery/object.ts";

export class NameBook {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** Takes note of an object that was made. */
  note(resource: string, object: ApiObject): void {
    const { namespace = "", name = "", generateName } = object.metadata;
    if (generateName === undefined || !name.startsWith(generateName)) return;
    const kind = `${resource} ${namespace}/${generateName}`;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    this.#names.set(`${resource} ${namespace}/${name}`, `${generateName}<${count}>`);
  }

  /** The name, or what stands for it. */
  called(resource: string, namespace: string, name: string): string {
    return this.#names.get(`${resource} ${namespace}/${name}`) ?? name;
  }

  /** `default/web`, or the name alone where there is no namespace. */
  nameOf(resource: string, object: ApiObject): string {
    const { namespace = "", name = "" } = object.metadata;
    const called = this.called(resource, namespace, name);
    return namespace === "" ? called : `${namespace}/${called}`;
  }
}
