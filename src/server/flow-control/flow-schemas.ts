/**
 * The flow schemas and priority levels there are. Requests are not made to wait by them, but told
 * which of them they belong to: clients that are told so leave their pace to the server.
 */
import type {
  FlowSchema,
  PriorityLevelConfiguration,
} from "../../apis/flowcontrol/v1/types.generated.ts";
import type { Env } from "../../base/env.ts";
import type { UserInfo } from "../../machinery/request.ts";
import type { Entry, Store } from "../../store/store.ts";
import { StoreFollower, type StoreView } from "../registry/store-follower.ts";
import { keyPrefixOf } from "../registry/resource.ts";
import type { RequestInfo } from "../request-info.ts";
import { compareFlowSchemas, matchesFlowSchema } from "./match-flow-schema.ts";

/** How old a view may be, in milliseconds. */
export const FLOW_VIEW_AGE_MS_MAX = 1_000;

/** Where a request belongs. */
export type Flow = { readonly schemaUid: string; readonly levelUid: string };

const GROUP = "flowcontrol.apiserver.k8s.io";
const decoder = new TextDecoder();

export class FlowSchemas {
  readonly #env: Env;
  readonly #follower: StoreFollower;
  readonly #schemas = new Map<string, FlowSchema>();
  readonly #levels = new Map<string, PriorityLevelConfiguration>();
  #sorted: readonly FlowSchema[] | undefined;
  #seenMs = Number.NEGATIVE_INFINITY;

  constructor(deps: { readonly env: Env; readonly store: Store }) {
    this.#env = deps.env;
    const changed = (): void => {
      this.#sorted = undefined;
    };
    this.#follower = new StoreFollower({ store: deps.store, log: deps.env.log }, [
      viewOf(keyPrefixOf(GROUP, "flowschemas"), this.#schemas, changed),
      viewOf(keyPrefixOf(GROUP, "prioritylevelconfigurations"), this.#levels, changed),
    ]);
  }

  /** Undefined: no schema is about the request, or its level is missing. */
  async flowOf(user: UserInfo, info: RequestInfo): Promise<Flow | undefined> {
    const nowMs = this.#env.clock.monotonic();
    if (nowMs - this.#seenMs >= FLOW_VIEW_AGE_MS_MAX) {
      this.#seenMs = nowMs;
      await this.#follower.catchUp();
    }
    this.#sorted ??= [...this.#schemas.values()].sort(compareFlowSchemas);
    const schema = this.#sorted.find((each) => matchesFlowSchema(each, user, info));
    const levelName = schema?.spec.priorityLevelConfiguration.name;
    const level = [...this.#levels.values()].find((each) => each.metadata.name === levelName);
    const schemaUid = schema?.metadata.uid;
    const levelUid = level?.metadata.uid;
    return schemaUid === undefined || levelUid === undefined ? undefined : { schemaUid, levelUid };
  }
}

function viewOf<T>(prefix: string, objects: Map<string, T>, changed: () => void): StoreView {
  return {
    prefix,
    clear: () => {
      objects.clear();
      changed();
    },
    put: (entry: Entry) => {
      objects.set(entry.key, JSON.parse(decoder.decode(entry.value)) as T);
      changed();
    },
    remove: (key) => {
      objects.delete(key);
      changed();
    },
  };
}
