/** API services, put together: which are kept, which are watched, and who answers for what. */
import { withSignal, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { TaskGroup } from "../../base/task-group.ts";
import type { Store } from "../../store/store.ts";
import type { Dispatch } from "../dispatch.ts";
import type { Resources } from "../registry/resource.ts";
import { ApiServiceIndex } from "./api-service-index.ts";
import { keepLocalServices } from "./local-services.ts";
import { ownRequests } from "./own-requests.ts";

export type AggregationDeps = {
  readonly env: Env;
  readonly store: Store;
  readonly resources: Resources;
  /** Resolves when all definitions of custom resources are served. */
  readonly served: () => Promise<void>;
};

export class Aggregation {
  readonly #deps: AggregationDeps;
  readonly #index: ApiServiceIndex | undefined;

  constructor(deps: AggregationDeps) {
    this.#deps = deps;
    const kind = deps.resources.find({
      group: "apiregistration.k8s.io",
      version: "v1",
      resource: "apiservices",
    });
    this.#index = kind === undefined ? undefined : new ApiServiceIndex(deps.store, kind);
  }

  /** Lives until the signal aborts. Rejects when the store fails. */
  async run(dispatch: Dispatch, context: Context): Promise<void> {
    const index = this.#index;
    if (index === undefined) return;
    const { env, resources, served } = this.#deps;
    const request = ownRequests(dispatch);
    const tasks = new TaskGroup(context.signal);
    tasks.spawn((signal) => index.run(withSignal(context, signal)));
    tasks.spawn(async (signal) => {
      await served(); // what is not served yet has not gone
      await keepLocalServices({ env, index, resources, request }, withSignal(context, signal));
    });
    await tasks.join();
  }
}
