/** A control plane of one test's own, and the test's grip on it. */
import type { Context } from "../base/context.ts";
import { checkOptions, type OptionNames } from "../base/option-names.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import type { ListOptions } from "../client/client.ts";
import { isConverted } from "../client/resource/conversion-address.ts";
import { isDefined, type DefinedResource } from "../client/resource/define-resource.ts";
import { installDefinitions } from "../client/resource/install-definitions.ts";
import type { ResourceType } from "../client/resource-type.ts";
import type { RestClient } from "../client/rest-client.ts";
import { createControlPlane, type ControlPlane } from "../control-plane/control-plane.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../controller-runtime/controller/controller-spec.ts";
import type { Manager } from "../controller-runtime/manager/manager.ts";
import type { DeletionOptions } from "../controller-runtime/declared/reconcile-context.ts";
import { conversion } from "../controller-runtime/conversion/conversion.ts";
import { milliseconds, type Duration } from "../controller-runtime/declared/duration.ts";
import type { WebhookClientConfig } from "../controller-runtime/webhooks/webhook-handler.ts";
import { isDeclared } from "../controller-runtime/declared/declared-controller.ts";
import type { ObjectKey } from "../machinery/key.ts";
import type { ApiObject } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import { applyManifests, type Manifests } from "./apply-manifests.ts";
import { TestWebhooks, type TestWebhook } from "./test-webhooks.ts";
import { closed } from "./closed.ts";
import { driven, eventually, quiet, type EventuallyOptions, type World } from "./eventually.ts";

export type { Manifests };

type MakeController = (deps: ControllerDeps) => ControllerSpec;

/** What a test's world begins with. Default: an empty cluster with the built-in controllers. */
export type TestWorldOptions = {
  /** Those under test; definitions of their kinds are installed. */
  readonly controllers?: readonly MakeController[];
  /**
   * What `admission()` has made: called by the world as by a cluster, in this process. Definitions
   * of their kinds are installed. Versions of all kinds are converted in the same way; there is no
   * need to name that.
   */
  readonly webhooks?: readonly TestWebhook[];
  /** Further kinds whose definitions are installed. */
  readonly kinds?: readonly ResourceType[];
  /** What is there when the test begins: YAML documents, or objects. */
  readonly manifests?: Manifests;
  /**
   * Whether the built-in controllers run: garbage collector, namespaces, deployments, ...
   * (default true). There are no nodes: pods are made, and stay Pending until the test says more.
   */
  readonly hasControllers?: boolean;
  /** Of chance (default 1): names and jitter are the same in every run of a seed. */
  readonly seed?: number;
  /**
   * The time and chance of another world (default: its own): several clusters in one virtual time.
   * What moves time in one of them moves it in all.
   */
  readonly env?: VirtualEnv;
};

const NAMES: OptionNames<TestWorldOptions> = {
  controllers: true,
  webhooks: true,
  kinds: true,
  manifests: true,
  hasControllers: true,
  seed: true,
  env: true,
};

/**
 * A control plane of one test's own, and the test's grip on it. `await using` closes it. Time
 * stands still until the test moves it.
 */
export interface TestWorld extends AsyncDisposable {
  /** As administrator. */
  readonly client: RestClient;
  /** For calls of `client`. */
  readonly context: Context;
  /** The time, chance and log of the world: `world.env.clock`, `world.env.lines`. */
  readonly env: VirtualEnv;
  /** The control plane itself. */
  readonly plane: ControlPlane;

  /** The object, or undefined; by name: in the namespace `default`. */
  get<T extends ApiObject>(type: ResourceType<T>, name: string | ObjectKey): Promise<T | undefined>;
  /** Objects of a kind, of all namespaces unless told. */
  list<T extends ApiObject>(type: ResourceType<T>, options?: ListOptions): Promise<readonly T[]>;
  /** Applies manifests, server-side, as `kubectl apply` does. */
  apply(manifests: Manifests): Promise<void>;
  /** Merges fields into an object. */
  change<T extends ApiObject>(
    type: ResourceType<T>,
    name: string | ObjectKey,
    fields: unknown,
    options?: { readonly subresource?: "status" },
  ): Promise<T>;
  /**
   * Deletes an object, as `kubectl delete` does, without waiting until it is gone. `propagation`:
   * what becomes of the objects it owns: they go after it (default), before it, or they stay.
   */
  delete(type: ResourceType, name: string | ObjectKey, options?: DeletionOptions): Promise<void>;

  /** Lets everything run that needs no time. */
  quiet(): Promise<void>;
  /** Moves time on, with all that happens meanwhile. */
  advance(duration: Duration): Promise<void>;
  /**
   * The first value of `read` that is as wanted (default: not undefined, not false). Time moves on
   * by itself when nothing else is left to do. Throws `NotSeenError`, which says what was there.
   */
  eventually<T>(
    read: () => Promise<T>,
    isWanted?: (value: T) => boolean,
    options?: EventuallyOptions,
  ): Promise<T>;

  /**
   * Sets controllers to work besides those the world began with. Without a loop guard, unless they
   * say which: what would be slowed down in production is a `RestlessError` here.
   */
  manage(...controllers: readonly MakeController[]): void;
  /**
   * Another world that begins where this one is, with the same controllers started anew. What
   * happens in one is not seen in the other.
   */
  fork(): Promise<TestWorld>;
  /**
   * Ends everything. `await using` does it. Rejects with `NotClosedError`, which names controller
   * and key, if a reconcile ignores its signal for 30 s of virtual time.
   */
  close(): Promise<void>;
}

/**
 * A control plane of this test's own, in memory and in virtual time, with the controllers under
 * test. Ready in milliseconds; `await using` closes it.
 *
 *     await using world = await createTestWorld({ controllers: [sites] });
 */
export async function createTestWorld(options: TestWorldOptions = {}): Promise<TestWorld> {
  checkOptions("createTestWorld", options, NAMES);
  const { env = virtualEnv(options.seed === undefined ? {} : { seed: options.seed }) } = options;
  const { hasControllers = true, controllers = [], manifests } = options;
  const given = options.webhooks ?? [];
  const declared = [...controllers.filter(isDeclared), ...given].map(({ type }) => type);
  const kinds = [...new Set([...(options.kinds ?? []), ...declared])].filter(isDefined);
  const webhooks = new TestWebhooks([...given, ...conversionsOf(kinds, given)], env);
  const answersWebhook = webhooks.answers;
  const plane = await createControlPlane({ ...KEPT, env, hasControllers, answersWebhook });
  webhooks.serve(plane.client);
  const world = new PlaneWorld(plane, env, hasControllers, webhooks);
  const { client, context, store } = plane;
  const address = (path: string): WebhookClientConfig => webhooks.reach.clientConfig(path);
  const installed = installDefinitions(kinds, client, context, { conversion: address });
  const ready = installed.then(() => webhooks.register(client, context));
  await driven(ready, { env, store, context });
  if (manifests !== undefined) await world.apply(manifests);
  world.manage(...controllers);
  return world;
}

/** Events stay: a test that advances by hours may look at them. */
const KEPT = { eventTtlMs: 0 } as const;

/** Versions of all kinds are converted, whether the test speaks of it or not. */
function conversionsOf(
  kinds: readonly DefinedResource[],
  given: readonly TestWebhook[],
): readonly TestWebhook[] {
  const known = new Set(given.filter(({ kind }) => kind === "conversion").map(({ type }) => type));
  return kinds.filter((kind) => isConverted(kind) && !known.has(kind)).map(conversion);
}

class PlaneWorld implements TestWorld {
  readonly client: RestClient;
  readonly context: Context;
  readonly env: VirtualEnv;
  readonly plane: ControlPlane;
  readonly #hasControllers: boolean;
  readonly #webhooks: TestWebhooks;
  readonly #managed: MakeController[] = [];
  readonly #managers: Manager[] = [];

  constructor(
    plane: ControlPlane,
    env: VirtualEnv,
    hasControllers: boolean,
    webhooks: TestWebhooks,
  ) {
    this.client = plane.client;
    this.context = plane.context;
    this.env = env;
    this.plane = plane;
    this.#hasControllers = hasControllers;
    this.#webhooks = webhooks;
  }

  get #world(): World {
    return { env: this.env, store: this.plane.store, context: this.context };
  }

  async get<T extends ApiObject>(
    type: ResourceType<T>,
    name: string | ObjectKey,
  ): Promise<T | undefined> {
    try {
      return await this.client.get(type, keyIn(type, name), this.context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  async list<T extends ApiObject>(
    type: ResourceType<T>,
    options: ListOptions = {},
  ): Promise<readonly T[]> {
    return (await this.client.list(type, options, this.context)).items;
  }

  apply(manifests: Manifests): Promise<void> {
    return driven(applyManifests(manifests, this.client, this.context), this.#world);
  }

  change<T extends ApiObject>(
    type: ResourceType<T>,
    name: string | ObjectKey,
    fields: unknown,
    options: { readonly subresource?: "status" } = {},
  ): Promise<T> {
    const patch = { kind: "merge", patch: fields } as const;
    return this.client.patch(type, keyIn(type, name), patch, this.context, options);
  }

  async delete(
    type: ResourceType,
    name: string | ObjectKey,
    { propagation: propagationPolicy = "Background" }: DeletionOptions = {},
  ): Promise<void> {
    await this.client.delete(type, keyIn(type, name), this.context, { propagationPolicy });
  }

  quiet(): Promise<void> {
    return quiet(this.#world);
  }

  async advance(duration: Duration): Promise<void> {
    await this.quiet();
    await this.env.advance(milliseconds(duration));
    await this.quiet();
  }

  eventually<T>(
    read: () => Promise<T>,
    isWanted: (value: T) => boolean = (value) => value !== undefined && value !== false,
    options: EventuallyOptions = {},
  ): Promise<T> {
    return eventually(read, isWanted, this.#world, options);
  }

  manage(...controllers: readonly MakeController[]): void {
    if (controllers.length > 0) {
      this.#managers.push(this.plane.manage(...controllers.map(loud)));
    }
    this.#managed.push(...controllers);
  }

  async fork(): Promise<TestWorld> {
    await this.quiet();
    const env = this.env.branch();
    const store = { kind: "memory", copyOf: this.plane.store } as const;
    const hasControllers = this.#hasControllers;
    const webhooks = new TestWebhooks(this.#webhooks.webhooks, env);
    const answersWebhook = webhooks.answers;
    const plane = await createControlPlane({
      ...KEPT,
      env,
      store,
      hasControllers,
      answersWebhook,
    });
    webhooks.serve(plane.client);
    const world = new PlaneWorld(plane, env, hasControllers, webhooks);
    world.manage(...this.#managed);
    return world;
  }

  async close(): Promise<void> {
    const working = this.#managers.filter((manager) => manager.healthz().isOk);
    await closed(this.plane.close(), working, this.env);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** In a test, keys that go round in circles are to be seen, not slowed down. */
function loud(make: MakeController): MakeController {
  const made = (deps: ControllerDeps): ControllerSpec => ({ loopGuard: "off", ...make(deps) });
  return Object.assign(made, make); // what it declares is looked at before it is made
}

function keyIn({ isNamespaced }: ResourceType, name: string | ObjectKey): ObjectKey {
  if (typeof name !== "string") return name;
  return { namespace: isNamespaced ? "default" : "", name };
}
