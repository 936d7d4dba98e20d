/** Objects as any API server shows them to this user: for servers that explain nothing. */
import { EventObject, Pod } from "../client/builtin.ts";
import type { DiscoveredResource } from "../client/discovery.ts";
import { metadataReader } from "../client/metadata-reader.ts";
import { UnknownKindError } from "../client/rest-mapper.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { keyOf } from "../machinery/key.ts";
import type { ApiObject } from "../machinery/object.ts";
import { isStatus, StatusError } from "../machinery/status.ts";
import type { ToldEvent } from "../trace/explain/not-ready/judgement.ts";
import type { Present } from "../trace/explain/not-ready/not-ready.ts";
import { CLUSTER_EVENTS, eventsByUid } from "../trace/explain/not-ready/told-event.ts";
import type { ObjectName } from "../trace/facts.ts";
import type { Session } from "./session.ts";

/** What these own is of one kind, so that no other kind is searched. */
const OWNED_KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["Deployment", ["ReplicaSet"]],
  ["ReplicaSet", ["Pod"]],
  ["StatefulSet", ["Pod"]],
  ["DaemonSet", ["Pod"]],
  ["Job", ["Pod"]],
  ["CronJob", ["Job"]],
  ["Pod", []],
]);

export class ClientPresent implements Present {
  readonly #session: Session;
  readonly #events = new Map<string, Promise<ReadonlyMap<string, readonly ToldEvent[]>>>();

  constructor(session: Session) {
    this.#session = session;
  }

  nowMs(): number {
    return this.#session.env.clock.now();
  }

  async get({ apiVersion, kind, namespace, name }: ObjectName): Promise<ApiObject | undefined> {
    const { client, context } = this.#session;
    const type = await this.#typeOf(apiVersion, kind);
    if (type === undefined) return undefined;
    const found = await unlessRefused(client.get(type, { namespace, name }, context));
    return found && named(found, type);
  }

  async ownedBy(owner: ApiObject): Promise<readonly ApiObject[]> {
    const { uid = "", namespace = "" } = owner.metadata;
    const types = await this.#kindsOwnedBy(owner);
    return this.#wholeOf(types, namespace, ({ metadata: { ownerReferences = [] } }) =>
      ownerReferences.some((each) => each.uid === uid),
    );
  }

  async leaving(namespace: string): Promise<readonly ApiObject[]> {
    const { resources } = await this.#session.mapper();
    const inside = resources.filter(
      ({ type, verbs }) => type.isNamespaced && verbs.includes("list") && verbs.includes("get"),
    );
    const types = inside.map(({ type }) => type);
    return this.#wholeOf(types, namespace, ({ metadata }) => {
      return metadata.deletionTimestamp !== undefined;
    });
  }

  async pods(namespace: string): Promise<readonly ApiObject[]> {
    const { client, context } = this.#session;
    const list = await unlessRefused(client.list(Pod, { namespace }, context));
    return (list?.items ?? []).map((pod) => named(pod, Pod));
  }

  async events({ metadata }: ApiObject): Promise<readonly ToldEvent[]> {
    const { namespace = CLUSTER_EVENTS, uid = "" } = metadata;
    const told = this.#events.get(namespace) ?? this.#eventsOf(namespace);
    this.#events.set(namespace, told);
    return (await told).get(uid) ?? [];
  }

  /** No API server tells. */
  attempts(): readonly [] {
    return [];
  }

  async #eventsOf(namespace: string): Promise<ReadonlyMap<string, readonly ToldEvent[]>> {
    const { client, context } = this.#session;
    const list = await unlessRefused(client.list(EventObject, { namespace }, context));
    return eventsByUid(list?.items ?? []);
  }

  /** Those that are meant, with their spec and status. */
  async #wholeOf(
    types: readonly ResourceType[],
    namespace: string,
    isMeant: (part: ApiObject) => boolean,
  ): Promise<readonly ApiObject[]> {
    const { client, context } = this.#session;
    const found = await Promise.all(
      types.map(async (type) => {
        const objects: ApiObject[] = [];
        for (const part of (await this.#partsOf(type, namespace)).filter(isMeant)) {
          const whole = await unlessRefused(client.get(type, keyOf(part), context));
          if (whole !== undefined) objects.push(named(whole, type));
        }
        return objects;
      }),
    );
    return found.flat();
  }

  /** Without spec and status: there may be many, and few of them are meant. */
  async #partsOf(type: ResourceType, namespace: string): Promise<readonly ApiObject[]> {
    const { transport, env, context } = this.#session;
    const options = type.isNamespaced && namespace !== "" ? { namespace } : {};
    const list = metadataReader({ transport, env }).list(type, options, context);
    return (await unlessRefused(list))?.items ?? [];
  }

  async #kindsOwnedBy(owner: ApiObject): Promise<readonly ResourceType[]> {
    const { resources } = await this.#session.mapper();
    const kinds = OWNED_KINDS.get(owner.kind ?? "");
    const isInside = (owner.metadata.namespace ?? "") !== "";
    const isMeant = ({ type, verbs }: DiscoveredResource): boolean =>
      verbs.includes("list") &&
      (type.isNamespaced || !isInside) &&
      (kinds === undefined ? type.kind !== "Event" : kinds.includes(type.kind));
    return resources.filter(isMeant).map(({ type }) => type);
  }

  async #typeOf(apiVersion: string, kind: string): Promise<ResourceType | undefined> {
    try {
      return (await this.#session.mapper()).forKind(apiVersion, kind);
    } catch (error) {
      if (error instanceof UnknownKindError) return undefined;
      throw error;
    }
  }
}

/** Items of lists do not say what they are. */
function named<T extends ApiObject>(object: T, { group, version, kind }: ResourceType): ApiObject {
  return { ...object, apiVersion: group === "" ? version : `${group}/${version}`, kind };
}

/** Undefined: there is none, or this user may not read it. */
async function unlessRefused<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply;
  } catch (error) {
    const isAbsent = isStatus(error, "NotFound") || isStatus(error, "Forbidden");
    if (isAbsent || (error instanceof StatusError && error.status.code === 405)) return undefined;
    throw error;
  }
}
