/** Ports of the nodes at which services can be reached from outside. */
import {
  serviceClaims,
  serviceNeeds,
  withAllocations,
} from "../../apis/core/v1/service-allocation.ts";
import type { Service } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { internalError, invalid } from "../../machinery/status.ts";
import type { Store } from "../../store/store.ts";
import type { Claim, ClaimPool } from "./claims.ts";
import { NumberPool } from "./number-pool.ts";
import type { Resource } from "./resource.ts";
import { Books, holderOf } from "./service-books.ts";

/** The range upstream uses. */
export const NODE_PORT_MIN = 30_000;
export const NODE_PORT_MAX = 32_767;

export class NodePortAllocator implements ClaimPool {
  readonly #pool = new NumberPool(NODE_PORT_MIN, NODE_PORT_MAX);
  readonly #books: Books;
  readonly #env: Env;

  constructor(deps: { readonly env: Env; readonly store: Store; readonly resource: Resource }) {
    this.#env = deps.env;
    this.#books = new Books({ ...deps, pool: this.#pool, numbersOf: portsOf });
  }

  async claim(next: ApiObject, old: ApiObject | undefined, context: Context): Promise<Claim> {
    await this.#books.open(context);
    const holder = holderOf(next);
    const before = old === undefined ? [] : portsOf(old);
    const taken: number[] = [];
    const undo = (): void => taken.forEach((port) => this.#pool.free(port, holder));
    for (const port of portsOf(next).filter((each) => !before.includes(each))) {
      const problem = this.#take(port, holder, taken);
      if (problem === undefined) continue;
      undo();
      throw invalid({ group: "", kind: "Service" }, next.metadata.name ?? "", [
        { field: fieldOf(next, port), type: "FieldValueInvalid", value: port, detail: problem },
      ]);
    }
    const service = next as Service; // claims are made for decoded services only
    const { nodePorts: wanted } = serviceNeeds(service);
    const given: number[] = [];
    for (let count = 0; count < wanted; count += 1) {
      const port = this.#pool.takeAny(holder, this.#env.random);
      if (port === undefined) {
        undo();
        throw internalError("failed to allocate a nodePort: range is full");
      }
      taken.push(port);
      given.push(port);
    }
    return { object: withAllocations(service, { nodePorts: given }), undo };
  }

  release(object: ApiObject, kept: ApiObject | undefined): void {
    this.#books.release(object, kept);
  }

  /** What is wrong with the port; undefined once it is taken. */
  #take(port: number, holder: string, taken: number[]): string | undefined {
    if (taken.includes(port)) return undefined; // one number may serve two protocols
    if (!this.#pool.contains(port)) {
      const range = `${NODE_PORT_MIN}-${NODE_PORT_MAX}`;
      return `provided port is not in the valid range. The range of valid ports is ${range}`;
    }
    if (!this.#pool.take(port, holder)) return "provided port is already allocated";
    taken.push(port);
    return undefined;
  }
}

function portsOf(object: ApiObject): readonly number[] {
  return serviceClaims(object as Service).nodePorts;
}

/** Where the object asks for the port. */
function fieldOf(object: ApiObject, nodePort: number): string {
  const ports = (object as Service).spec.ports ?? [];
  return `spec.ports[${ports.findIndex((port) => port.nodePort === nodePort)}].nodePort`;
}
