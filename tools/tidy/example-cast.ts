/**
 * Those whom examples in doc comments speak of without saying who they are: a reader knows. Nothing
 * of this runs; the examples are compiled against it.
 */
import type { Client, Context, Env, RestClient, Secret } from "../../src/client/index.ts";
import type { ConfigMap, Deployment, Pod } from "../../src/client/index.ts";
import type {
  CustomObject,
  DeclaredController,
  DefinedResource,
  FixedCluster,
  Intent,
  ReconcileContext,
} from "../../src/controller-runtime/index.ts";
import type { Informers } from "../../src/informer/index.ts";
import type { ObjectKey, Status } from "../../src/machinery/index.ts";
import type { Operation, State } from "../../src/sim/index.ts";

type SiteSpec = { readonly host: string; readonly image: string; readonly url: string };

export type Site = CustomObject<SiteSpec, unknown>;
export declare const Site: DefinedResource<SiteSpec, unknown, Partial<SiteSpec>>;
export declare const Certificate: DefinedResource<{ readonly host: string }>;
export declare const Claim: DefinedResource<unknown, { readonly address: string }>;
export declare const Bundle: DefinedResource<{ readonly data: Readonly<Record<string, string>> }>;

export declare const site: Site;
export declare const metadata: { readonly name: string };
export declare const spec: SiteSpec;
export declare const host: string;
export declare const namespace: string;
export declare const settings: ConfigMap;

export declare const client: RestClient;
export declare const everywhere: Client;
export declare const env: Env;
export declare const context: Context;
export declare const informers: Informers;
export declare const ctx: ReconcileContext<Site>;
export declare const sites: DeclaredController;
export declare const scenario: readonly Operation[];
export declare const siteController: DeclaredController;
export declare const here: FixedCluster;
export declare const aConflict: Status;

export declare const passwordOf: (owner: Site) => Intent<Secret>;
export declare const webOf: (owner: Site) => Intent<Deployment>;
export declare const certificateOf: (
  owner: Site,
) => Intent<CustomObject<{ host: string }, unknown>>;
export declare const bundlesOf: (copy: ConfigMap) => readonly ObjectKey[];
export declare const follow: (url: string, signal: AbortSignal) => AsyncIterable<string>;
export declare const isNews: (line: string) => boolean;

export declare const isDeleted: (state: State) => boolean;
export declare const hasNewPods: (state: State) => boolean;
export declare const hasFailed: (pod: Pod) => boolean;

type DnsRecord = { readonly id: string };
export declare const dns: {
  find(host: string): Promise<DnsRecord | undefined>;
  create(host: string): Promise<DnsRecord>;
  delete(id: string): Promise<void>;
};

type Level = "debug" | "info" | "warn" | "error";
type LevelLogger = Readonly<Record<Level, (fields: object, message: string) => void>>;
export declare const logger: LevelLogger;
export declare const pino: LevelLogger;
export declare const winston: { log(level: Level, message: string, fields: object): void };
