/** API services, put together: which are kept, which are watched, and who answers for what. */
import { withSignal, type Context } from "../../base/context.ts";
import { TaskGroup } from "../../base/task-group.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import type { RemoteVersion } from "../discovery/remote-groups.ts";
import type { Dispatch } from "../dispatch.ts";
import type { Exchange } from "../filters/filter.ts";
import type { Resource } from "../registry/resource.ts";
import { answerRemotely } from "./answer-remotely.ts";
import { ApiServiceIndex } from "./api-service-index.ts";
import type { CheckDeps } from "./check-remote.ts";
import { keepLocalServices } from "./local-services.ts";
import { ownRequests } from "./own-requests.ts";
import { RemoteKeeper } from "./remote-keeper.ts";

export type AggregationDeps = CheckDeps & {
  /** Resolves when all definitions of custom resources are served. */
  readonly served: () => Promise<void>;
};

/** Undefined: this server has no API services. */
export function createAggregation(deps: AggregationDeps): Aggregation | undefined {
  const group = "apiregistration.k8s.io";
  const kind = deps.resources.find({ group, version: "v1", resource: "apiservices" });
  return kind === undefined ? undefined : new Aggregation(deps, kind);
}

export class Aggregation {
  readonly #deps: AggregationDeps;
  readonly #index: ApiServiceIndex;
  readonly #keeper: RemoteKeeper;

  constructor(deps: AggregationDeps, kind: Resource) {
    this.#deps = deps;
    this.#index = new ApiServiceIndex(deps.store, kind);
    this.#keeper = new RemoteKeeper({ ...deps, index: this.#index });
  }

  /** What another server answers; undefined: the request is ours. */
  answer(exchange: Exchange, context: Context): Promise<ApiResponse> | undefined {
    const { group, version } = groupVersionOf(exchange);
    const remote = version === "" ? undefined : this.#index.remote(group, version);
    return remote === undefined ? undefined : answerRemotely(exchange, remote, this.#deps, context);
  }

  /** For discovery. */
  versions(): readonly RemoteVersion[] {
    return this.#keeper.versions();
  }

  /** Lives until the signal aborts. Rejects when the store fails. */
  async run(dispatch: Dispatch, context: Context): Promise<void> {
    const { env, resources, served } = this.#deps;
    const request = ownRequests(dispatch);
    const index = this.#index;
    const tasks = new TaskGroup(context.signal);
    tasks.spawn((signal) => index.run(withSignal(context, signal)));
    tasks.spawn((signal) => this.#keeper.run(request, withSignal(context, signal)));
    tasks.spawn(async (signal) => {
      await served(); // what is not served yet has not gone
      await keepLocalServices({ env, index, resources, request }, withSignal(context, signal));
    });
    await tasks.join();
  }
}

/** What the path is below; an empty version if it is below none. */
function groupVersionOf({ info }: Exchange): { readonly group: string; readonly version: string } {
  if (info.kind === "resource") return info;
  const [, root, group = "", version = ""] = info.path.split("/");
  return root === "apis" && group !== "" ? { group, version } : { group: "", version: "" };
}
