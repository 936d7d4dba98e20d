/** Addresses of services, one each, from a range of the cluster's own. */
import {
  serviceClaims,
  serviceNeeds,
  withAllocations,
} from "../../apis/core/v1/service-allocation.ts";
import type { Service } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { ipv4Text, parseIPv4 } from "../../machinery/ip-address.ts";
import { keyOf, keyText, parseKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { internalError, invalid } from "../../machinery/status.ts";
import type { Store } from "../../store/store.ts";
import type { AddressRecords } from "./address-records.ts";
import type { Claim, ClaimPool } from "./claims.ts";
import { NumberPool } from "./number-pool.ts";
import type { Resource } from "./resource.ts";
import { Books, holderOf } from "./service-books.ts";

/**
 * Loopback addresses: a node agent can listen on them without privileges and without touching the
 * machine's network, and nothing outside the machine can reach them.
 */
export const SERVICE_IP_RANGE = "127.96.0.0/16";

const TAKEN = "provided IP is already allocated";

export class ClusterIpAllocator implements ClaimPool {
  readonly #pool: NumberPool;
  readonly #books: Books;
  readonly #env: Env;
  readonly #first: number;
  readonly #records: AddressRecords | undefined;

  /** `range` is an IPv4 range in CIDR form, at least a /28. Throws if it is not. */
  constructor(deps: {
    readonly env: Env;
    readonly store: Store;
    readonly resource: Resource;
    readonly range: string;
    /** Where others see what is taken; undefined: nowhere. */
    readonly records?: AddressRecords;
  }) {
    const { first, last } = parseRange(deps.range);
    this.#first = first;
    this.#pool = new NumberPool(first, last);
    this.#env = deps.env;
    this.#records = deps.records;
    this.#books = new Books({ ...deps, pool: this.#pool, numbersOf: addressesOf });
  }

  async claim(next: ApiObject, old: ApiObject | undefined, context: Context): Promise<Claim> {
    await this.#books.open(context);
    const holder = holderOf(next);
    const before = old === undefined ? [] : addressesOf(old);
    const service = asService(next);
    if (serviceNeeds(service).needsClusterIp) {
      const taken = await this.#takeAny(next, context);
      if (taken === undefined) {
        throw internalError("failed to allocate a serviceIP: range is full");
      }
      const given = { clusterIp: ipv4Text(taken), nodePorts: [] };
      return {
        object: withAllocations(service, given),
        undo: () => this.#pool.free(taken, holder),
      };
    }
    const asked = serviceClaims(service).clusterIps.filter(
      (address) => !before.includes(parseIPv4(address) ?? -1),
    );
    const taken: number[] = [];
    const undo = (): void => taken.forEach((address) => this.#pool.free(address, holder));
    for (const text of asked) {
      const problem = await this.#take(text, next, taken, context).catch((error: unknown) => {
        undo();
        throw error;
      });
      if (problem === undefined) continue;
      undo();
      throw invalid({ group: "", kind: "Service" }, next.metadata.name ?? "", [
        {
          field: "spec.clusterIPs",
          type: "FieldValueInvalid",
          value: service.spec.clusterIPs ?? [],
          detail: `failed to allocate IP ${text}: ${problem}`,
        },
      ]);
    }
    return { object: next, undo };
  }

  release(object: ApiObject, kept: ApiObject | undefined): void {
    this.#books.release(object, kept);
  }

  async enter(next: ApiObject, old: ApiObject | undefined, context: Context): Promise<void> {
    const before = old === undefined ? [] : addressesOf(old);
    for (const address of addressesOf(next)) {
      if (before.includes(address)) continue;
      await this.#records?.enter(ipv4Text(address), keyOf(next), context);
    }
  }

  async leave(object: ApiObject, kept: ApiObject | undefined, context: Context): Promise<void> {
    const still = kept === undefined ? [] : addressesOf(kept);
    for (const address of addressesOf(object)) {
      if (still.includes(address) || this.#pool.holderOf(address) !== holderOf(object)) continue;
      await this.#records?.leave(ipv4Text(address), keyOf(object), context);
    }
  }

  /** Sets right what is written down; services may be made and deleted meanwhile. */
  async repair(context: Context): Promise<void> {
    if (this.#records === undefined) return;
    await this.#books.open(context);
    for (const [address, holder] of this.#pool.held()) {
      const key = parseKey(holder);
      await this.#records.enter(ipv4Text(address), key, context);
      if (this.#pool.holderOf(address) === holder) continue;
      await this.#records.leave(ipv4Text(address), key, context);
    }
    for (const [text, key] of await this.#records.kept(context)) {
      const holder = this.#pool.holderOf(parseIPv4(text) ?? -1);
      if (holder !== keyText(key)) await this.#records.leave(text, key, context);
    }
  }

  /** The first address is kept for the service of this API, also while there is none. */
  async #takeAny(service: ApiObject, context: Context): Promise<number | undefined> {
    const holder = holderOf(service);
    if (isClusterService(service) && this.#pool.take(this.#first, holder)) return this.#first;
    const refused: number[] = [];
    try {
      for (;;) {
        const address = this.#pool.takeAny(holder, this.#env.random, this.#first);
        if (address === undefined) return undefined;
        refused.push(address);
        if (await this.#isRecorded(address, service, context)) continue;
        refused.pop();
        return address;
      }
    } finally {
      for (const address of refused) this.#pool.free(address, holder);
    }
  }

  /** Whether people wrote down another user of the address. */
  async #isRecorded(address: number, service: ApiObject, context: Context): Promise<boolean> {
    return (await this.#records?.isTaken(ipv4Text(address), keyOf(service), context)) === true;
  }

  /** What is wrong with the address; undefined once it is taken. */
  async #take(
    text: string,
    service: ApiObject,
    taken: number[],
    context: Context,
  ): Promise<string | undefined> {
    const holder = holderOf(service);
    const address = parseIPv4(text);
    if (address === undefined || !this.#pool.contains(address)) {
      return "the provided network does not match the current range";
    }
    const isKept = address === this.#first && !isClusterService(service);
    if (isKept || !this.#pool.take(address, holder)) return TAKEN;
    taken.push(address);
    return (await this.#isRecorded(address, service, context)) ? TAKEN : undefined;
  }
}

function addressesOf(object: ApiObject): readonly number[] {
  return serviceClaims(asService(object))
    .clusterIps.map(parseIPv4)
    .filter((address) => address !== undefined);
}

/** The service that stands for this API inside the cluster: clients find it by its address. */
function isClusterService({ metadata }: ApiObject): boolean {
  return metadata.namespace === "default" && metadata.name === "kubernetes";
}

/** Claims are made for services only, after they were decoded and validated as such. */
function asService(object: ApiObject): Service {
  return object as Service;
}

/** The usable addresses: neither that of the network nor that of everybody. */
function parseRange(range: string): { readonly first: number; readonly last: number } {
  const [base = "", bits = ""] = range.split("/");
  const address = parseIPv4(base);
  const prefix = /^[0-9]{1,2}$/.test(bits) ? Number(bits) : Number.NaN;
  if (address === undefined || !(prefix >= 8 && prefix <= 28)) {
    throw new RangeError(`serviceIpRange: ${range} is no IPv4 range from /8 to /28`);
  }
  const size = 2 ** (32 - prefix);
  const network = Math.floor(address / size) * size;
  return { first: network + 1, last: network + size - 2 };
}
