/**
 * A control plane in this process: store, API server, controllers and scheduler, wired together.
 *
 * Order of life: the store opens, the server answers, bootstrap objects are made, controllers
 * start; `close()` goes the other way, so that nothing writes to what has already ended.
 */
import { BUILT_IN } from "../apis/registry.ts";
import { causeId, NO_CAUSE, withCause, type CallCause, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { errorText } from "../base/error-text.ts";
import { createMetrics } from "../base/metrics.ts";
import { observeProcess } from "../base/process-figures.ts";
import { realEnv } from "../base/real/env.ts";
import { realProcess } from "../base/real/process-figures.ts";
import { realFiles } from "../base/real/files.ts";
import { TaskGroup } from "../base/task-group.ts";
import { inProcessTransport } from "../client/in-process.ts";
import { RestClient } from "../client/rest-client.ts";
import type { Transport } from "../client/transport.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../controller-runtime/controller/controller-spec.ts";
import { createManager, type Manager } from "../controller-runtime/manager/manager.ts";
import type { InformerStatus } from "../informer/informer-status.ts";
import { createInformers, type Informers } from "../informer/informers.ts";
import { apiVersionOf } from "../machinery/gvk.ts";
import { MASTERS_GROUP, type UserInfo } from "../machinery/request.ts";
import { serviceUnavailable } from "../machinery/status.ts";
import { choiceProblem } from "../server/admission/plugin-choice.ts";
import type { AuthenticationOptions } from "../server/authn/authentication.ts";
import type { StaticToken } from "../server/authn/bearer-tokens.ts";
import { parseTokenFile } from "../server/authn/token-file.ts";
import { createServer, type ApiServer } from "../server/create-server.ts";
import { HttpBackends } from "../server/http/backend-client.ts";
import { HttpsWebhookClient } from "../server/http/https-webhook-client.ts";
import type { Relay } from "../server/http/client-connection.ts";
import type { Store } from "../store/store.ts";
import { ReconcileLog, type RuntimeInsight, type ViewFigure } from "../trace/reconcile-record.ts";
import { createApiService, createNamespaces, createPolicies } from "./bootstrap/bootstrap.ts";
import { apiAddressOf, firstAddress } from "./bootstrap/cluster-objects.ts";
import { createControllerManager } from "./controllers.ts";
import { withLocalWebhooks } from "./local-webhooks.ts";
import { EventExpiry } from "./event-expiry.ts";
import { AgentLogs } from "./node-logs.ts";
import { openStore } from "./open-store.ts";
import { withDefaults, type ControlPlaneOptions, type QualifiedOptions } from "./options.ts";
import { pacedDispatch } from "./paced-dispatch.ts";
import { ADMIN_USER } from "./pki/cluster-pki.ts";
import { openTokenKeys } from "./pki/token-key.ts";
import { requestTracer } from "./request-tracer.ts";
import { HttpsServing, type Serving } from "./serving.ts";

/** @public A control plane that is up. `await using` closes it. */
export interface ControlPlane extends AsyncDisposable {
  /** As administrator, without sockets or bytes between. */
  readonly client: RestClient;
  /** What `client` sends through. */
  readonly transport: Transport;
  /** Local copies of what `client` can read, started when first asked for. */
  readonly informers: Informers;
  /** For calls: aborts when the control plane closes. */
  readonly context: Context;
  /** For history and causes. Writing to it goes past all rules of the API. */
  readonly store: Store;
  /** Rejects when a part fails that cannot start again by itself; resolves when it closes. */
  readonly ended: Promise<void>;
  /**
   * Runs controllers beside the built-in ones until the control plane closes: they end before it
   * does. One that fails shows in `ended`.
   */
  manage(...controllers: readonly ((deps: ControllerDeps) => ControllerSpec)[]): Manager;
  /** How it is reached over HTTPS. Throws if `serve` was not asked for. */
  serving(): Serving;
  /** Stops controllers, ends watches, lets writes under way become durable. May be called twice. */
  close(): Promise<void>;
}

/**
 * @public Starts a control plane. Rejects when the data directory is in use or of an unknown
 * format, or the port is taken; then nothing is left running.
 */
export async function createControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const qualified = withDefaults(options);
  checkPlugins(qualified);
  const env = options.env ?? realEnv({ level: "warn" });
  const store = await openStore(qualified.store, { env, historyMs: qualified.historyMs });
  let plane: WiredControlPlane;
  try {
    plane = new WiredControlPlane(qualified, env, store, await authenticationOf(qualified));
  } catch (error) {
    await store.close();
    throw error;
  }
  try {
    await plane.start();
  } catch (error) {
    await plane.close();
    throw error;
  }
  return plane;
}

function checkPlugins(options: QualifiedOptions): void {
  const { enabledAdmissionPlugins: enabled, disabledAdmissionPlugins: disabled } = options;
  const isOn = choiceProblem({ enabled, disabled: [] });
  if (isOn !== undefined) throw new RangeError(`enabledAdmissionPlugins: ${isOn}`);
  const problem = choiceProblem({ enabled, disabled });
  if (problem !== undefined) throw new RangeError(`disabledAdmissionPlugins: ${problem}`);
}

/** How users are known, with the key for tokens that is kept in the data directory. */
async function authenticationOf(options: QualifiedOptions): Promise<AuthenticationOptions> {
  const { directory, serve } = options;
  const given = (serve?.tokens ?? []).map(({ token, ...user }) => ({ token, user }));
  const tokens = [...given, ...(await tokensIn(serve?.tokenFile))];
  const allowsAnonymous = serve?.allowsAnonymous ?? true;
  if (directory === undefined) return { tokens, allowsAnonymous };
  const keys = await openTokenKeys(`${directory}/pki`, realFiles);
  return { tokens, allowsAnonymous, serviceAccounts: { keys } };
}

async function tokensIn(path: string | undefined): Promise<readonly StaticToken[]> {
  if (path === undefined) return [];
  const bytes = await realFiles.read(path);
  if (bytes === undefined) throw new Error(`tokenFile: there is no file ${path}`);
  return parseTokenFile(new TextDecoder().decode(bytes));
}

/** What the server is shown of the controllers beside it. */
function insightOf(
  reconciles: ReconcileLog | undefined,
  managers: readonly Manager[],
): { readonly insight?: RuntimeInsight } {
  if (reconciles === undefined) return {};
  const views = (): readonly ViewFigure[] =>
    managers.flatMap(({ deps }) => deps.informers.status().map(viewFigure));
  return { insight: { reconciles, views } };
}

function viewFigure({ type, hasSynced, lastError, freshness }: InformerStatus): ViewFigure {
  const { revision, silentMs } = freshness;
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    hasSynced,
    revision,
    ...(silentMs === undefined ? {} : { silentMs }),
    ...(lastError === undefined ? {} : { error: errorText(lastError) }),
  };
}

const ADMIN: UserInfo = { name: ADMIN_USER, groups: [MASTERS_GROUP, "system:authenticated"] };

/** One for all controllers: some of them may do anything, so this is no less than each needs. */
const CONTROLLER_MANAGER: UserInfo = {
  name: "system:kube-controller-manager",
  groups: [MASTERS_GROUP, "system:authenticated"],
};

class WiredControlPlane implements ControlPlane {
  readonly client: RestClient;
  readonly transport: Transport;
  readonly informers: Informers;
  readonly context: Context;
  readonly store: Store;
  readonly ended: Promise<void>;
  readonly #options: Omit<QualifiedOptions, "store">;
  readonly #env: Env;
  /** Of the server and of the controllers: one place to look at. */
  readonly #metrics = createMetrics();
  #hideProcess: () => void = () => undefined;
  readonly #server: ApiServer;
  readonly #agentLogs: AgentLogs;
  readonly #tasks: TaskGroup;
  /** What the server does by itself: it goes on when a controller fails. */
  readonly #duties: TaskGroup;
  #webhooks: HttpsWebhookClient | undefined;
  readonly #backends: HttpBackends;
  /** What reconciles did; undefined: it is not kept. */
  readonly #reconcileLog: ReconcileLog | undefined;
  readonly #managers: Manager[] = [];
  readonly #stop = new AbortController();
  readonly #end = Promise.withResolvers<void>();
  #serving: HttpsServing | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    { store: _store, ...options }: QualifiedOptions, // it may name the store of another one
    env: Env,
    store: Store,
    authentication: AuthenticationOptions,
  ) {
    this.#options = options;
    this.#env = env;
    this.#reconcileLog = options.recordsReconciles ? new ReconcileLog() : undefined;
    this.store = store;
    this.ended = this.#end.promise;
    this.ended.catch(() => undefined); // who does not ask is told by the log
    this.#agentLogs = new AgentLogs({
      client: () => this.client,
      connect: (url) => this.#served().connectToAgent(url),
    });
    this.#backends = new HttpBackends({ env, identities: () => this.#serving?.identities });
    this.#server = createServer(
      { env, store, strategies: BUILT_IN, nodeLogs: this.#agentLogs },
      {
        serviceIpRange: options.serviceRange,
        lostNodeSeconds: options.defaultTolerationSeconds,
        metrics: this.#metrics,
        authentication,
        openPaths: [], // the roles say
        admissionChoice: {
          enabled: [
            ...options.enabledAdmissionPlugins,
            ...(options.restrictsNodes ? ["NodeRestriction"] : []),
          ],
          disabled: options.disabledAdmissionPlugins,
        },
        isAggregator: true,
        ...(options.tracing === undefined
          ? {}
          : { requestTracer: requestTracer(options.tracing.tracer) }),
        ...insightOf(this.#reconcileLog, this.#managers),
        backends: this.#backends,
        webhooks: (resolve) => {
          this.#webhooks = new HttpsWebhookClient({ env, resolve });
          const { answersWebhook: local } = options;
          return local === undefined
            ? this.#webhooks
            : withLocalWebhooks(this.#webhooks, local, env);
        },
      },
    );
    this.transport = this.#transportAs(ADMIN);
    this.client = new RestClient({ transport: this.transport, env });
    this.informers = createInformers({ client: this.client, env });
    const cause = { ...NO_CAUSE, actor: "control-plane", id: causeId(env.ids.uuid()) };
    this.context = { signal: this.#stop.signal, cause, log: env.log };
    this.#tasks = new TaskGroup(this.#stop.signal);
    this.#duties = new TaskGroup(this.#stop.signal);
  }

  async start(): Promise<void> {
    const { hasControllers, eventTtlMs: ttlMs } = this.#options;
    this.#duties.spawn((signal) => this.#server.run({ ...this.context, signal }));
    await this.#server.synced();
    if (ttlMs > 0) {
      const expiry = new EventExpiry({ store: this.store, env: this.#env, ttlMs });
      this.#duties.spawn((signal) => expiry.run({ ...this.context, signal }));
    }
    await this.#bootstrap();
    this.#tasks.spawn((signal) => this.informers.run({ ...this.context, signal }));
    if (hasControllers) this.#startControllers();
    void this.#watchTasks();
    void this.#watchStore();
  }

  manage(...controllers: readonly ((deps: ControllerDeps) => ControllerSpec)[]): Manager {
    const reconcileLog = this.#reconcileLog;
    const { tracing } = this.#options;
    const manager = createManager({
      client: this.client,
      env: this.#env,
      controllers,
      ...(reconcileLog === undefined ? {} : { reconcileLog }),
      ...(tracing === undefined ? {} : { tracer: tracing }),
    });
    this.#managers.push(manager);
    this.#tasks.spawn((signal) => manager.run({ ...this.context, signal }));
    return manager;
  }

  serving(): Serving {
    return this.#served();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#stop.abort(new Error("the control plane closes"));
    await this.#tasks.join().catch(() => undefined); // told through `ended`
    await this.#duties.join().catch(() => undefined);
    await this.#serving?.close();
    this.#hideProcess();
    this.#webhooks?.close();
    this.#backends.close();
    await this.#agentLogs.close();
    await this.transport.close();
    await this.store.close();
    this.#end.resolve();
  }

  /**
   * Who comes from outside finds all policies made. Who is inside may do everything and waits for
   * none of them: there they follow one by one.
   */
  async #bootstrap(): Promise<void> {
    const { serve, directory, serviceRange } = this.#options;
    const deps = { transport: this.transport, env: this.#env };
    const client = new RestClient(deps, { fieldManager: "kube-apiserver" });
    const cause: CallCause = { ...this.context.cause, roots: ["start"] };
    const context = withCause(this.context, cause);
    await createNamespaces(client, context);
    if (serve === undefined) {
      const options = { serviceRange, api: undefined, authorityPem: undefined };
      await createApiService(options, client, context);
      this.#tasks.spawn((signal) =>
        createPolicies({ client, pace: "in turn" }, { ...context, signal }),
      );
      return;
    }
    this.#hideProcess = observeProcess(this.#metrics, realProcess());
    const { dispatch, authenticate } = this.#server;
    const hosts = [...serve.hosts, firstAddress(serviceRange)];
    const relay: Relay = (...args) => this.#backends.relay(...args);
    const serving = { env: this.#env, dispatch, authenticate, client: this.client, relay };
    const [served] = await Promise.all([
      HttpsServing.start({ ...serve, hosts }, directory, serving),
      createPolicies({ client, pace: "together" }, context),
    ]);
    this.#serving = served;
    const { authorityPem, frontProxy } = served;
    const api = apiAddressOf(served.url);
    const facts = { serviceRange, api, authorityPem, frontProxy };
    await createApiService(facts, client, context);
  }

  #startControllers(): void {
    const transport = this.#transportAs(CONTROLLER_MANAGER);
    const manager = createControllerManager(this.#options, {
      client: new RestClient(
        { transport, env: this.#env },
        { fieldManager: "kube-controller-manager" },
      ),
      transport,
      env: this.#env,
      metrics: this.#metrics,
      authorityPem: this.#serving?.authorityPem,
      signToken: this.#server.signSecretToken,
      reconcileLog: this.#reconcileLog,
    });
    this.#managers.push(manager);
    this.#tasks.spawn((signal) => manager.run({ ...this.context, signal }));
  }

  /** A part that fails stops the others; the API stays up, so that people can look. */
  async #watchTasks(): Promise<void> {
    try {
      await Promise.all([this.#tasks.join(), this.#duties.join()]);
    } catch (error) {
      this.#env.log.error("The controllers have ended.", { error });
      this.#end.reject(error);
    }
  }

  /** What was acknowledged can still be read; to write, the store must be opened again. */
  async #watchStore(): Promise<void> {
    const failure = await this.store.failed;
    this.#env.log.error("The store has failed.", { error: failure });
    this.#end.reject(failure);
  }

  #transportAs(user: UserInfo): Transport {
    return inProcessTransport({ dispatch: pacedDispatch(this.#server.dispatch, this.#env), user });
  }

  #served(): HttpsServing {
    if (this.#serving !== undefined) return this.#serving;
    throw serviceUnavailable("this control plane does not serve HTTPS; ask for it with `serve`");
  }
}
