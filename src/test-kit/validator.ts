/**
 * What a server says to objects, without a server: a control plane in memory is asked whether it
 * would take them. So it is the same judgement, down to the words: schemas, formats, CEL rules,
 * defaults and names, of kinds of one's own as of built-in ones.
 */
import { Namespace, PriorityClass, ServiceAccount } from "../client/builtin.ts";
import type { Client } from "../client/client.ts";
import { createRestMapper, UnknownKindError, type RestMapper } from "../client/rest-mapper.ts";
import type { ResourceType } from "../client/resource-type.ts";
import type { Context } from "../base/context.ts";
import { isFields, own, type ApiObject, type Fields } from "../machinery/object.ts";
import { isStatus, StatusError } from "../machinery/status.ts";
import { createTestWorld, type TestWorld } from "./test-world.ts";

/** What a validator knows from the start. */
export type ValidatorOptions = {
  /** Kinds of `defineResource`, in all their versions. */
  readonly kinds?: readonly ResourceType[];
  /** Definitions of other kinds: objects of the kind `CustomResourceDefinition`. */
  readonly definitions?: readonly ApiObject[];
};

/** One thing that is wrong. */
export type Problem = {
  /** `spec.replicas`; "": the whole object. */
  readonly field: string;
  /** As a server names it, e.g. `FieldValueInvalid`. */
  readonly reason: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
};

/** What becomes of an object. */
export type Verdict<T extends ApiObject = ApiObject> = {
  /** All that is wrong with it; empty: it is taken. */
  readonly problems: readonly Problem[];
  /** As it would be stored, with all defaults; undefined: it is refused. */
  readonly object: T | undefined;
};

/** How objects are judged: what is known of them besides themselves. */
export type ValidateOptions<T extends ApiObject> = {
  /** What is there already: then it is judged as an update of that. */
  readonly old?: T;
  /** An update of this part only. */
  readonly subresource?: "status";
};

/** Judges objects; `await using` closes it. */
export interface Validator extends AsyncDisposable {
  /**
   * Whether a server would take an object. Fields it does not know are refused, as kubectl does by
   * default. What an object only refers to is not asked for: its namespace, its service account.
   * Throws the server's `StatusError` if `old` is refused itself.
   */
  validate<T extends ApiObject>(object: T, options?: ValidateOptions<T>): Promise<Verdict<T>>;
  /** Ends everything. `await using` does it. */
  close(): Promise<void>;
}

/**
 * A judge of objects of some kinds, and of built-in ones. It takes a fraction of a second to
 * make, and milliseconds to judge. Throws what is wrong with the definitions.
 *
 *     await using validator = await createValidator({ kinds: [Site] });
 *     const { problems } = await validator.validate(Site.create({ metadata, spec }));
 *     expect(problems).toEqual([]);
 */
export async function createValidator(options: ValidatorOptions = {}): Promise<Validator> {
  const { kinds = [], definitions = [] } = options;
  const world = await createTestWorld({ kinds, hasControllers: false });
  try {
    await world.apply(definitions.map(withoutWebhook));
    return new WorldValidator(world, await createRestMapper(world.client, world.context));
  } catch (error) {
    await world.close();
    throw error;
  }
}

class WorldValidator implements Validator {
  readonly #world: TestWorld;
  readonly #mapper: RestMapper;
  readonly #surroundings: Surroundings;

  constructor(world: TestWorld, mapper: RestMapper) {
    this.#world = world;
    this.#mapper = mapper;
    this.#surroundings = new Surroundings(world.client, world.context);
  }

  async validate<T extends ApiObject>(
    object: T,
    options: ValidateOptions<T> = {},
  ): Promise<Verdict<T>> {
    const { apiVersion = "", kind = "" } = object;
    let type: ResourceType<T>;
    try {
      type = this.#mapper.forKind(apiVersion, kind) as ResourceType<T>; // of its own kind
    } catch (error) {
      if (!(error instanceof UnknownKindError)) throw error;
      const problem = { field: "", reason: "NotFound", message: error.message };
      return { problems: [problem], object: undefined };
    }
    await this.#surroundings.make(object, type);
    const { old } = options;
    if (old === undefined) return judged(() => created(object, type, this.#world));
    await this.#surroundings.make(old, type);
    await using past = await this.#world.fork();
    const { metadata } = await past.client.create(type, placed(old, type), past.context);
    const { resourceVersion } = metadata;
    const next = { ...object, metadata: { resourceVersion, ...object.metadata } };
    return await judged(() => updated(next, type, past, options.subresource));
  }

  close(): Promise<void> {
    return this.#world.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const STRICT = { dryRun: true, fieldValidation: "Strict" } as const;

type Place = { readonly client: Client; readonly context: Context };

async function created<T extends ApiObject>(
  object: T,
  type: ResourceType<T>,
  { client, context }: Place,
): Promise<T> {
  try {
    return await client.create(type, placed(object, type), context, STRICT);
  } catch (error) {
    // Every cluster has some objects from its first moment on.
    if (!isStatus(error, "AlreadyExists")) throw error;
    return updated(object, type, { client, context });
  }
}

function updated<T extends ApiObject>(
  object: T,
  type: ResourceType<T>,
  { client, context }: Place,
  subresource?: "status",
): Promise<T> {
  const next = placed(object, type);
  if (subresource === "status") return client.updateStatus(type, next, context, STRICT);
  return client.update(type, next, context, STRICT);
}

async function judged<T extends ApiObject>(ask: () => Promise<T>): Promise<Verdict<T>> {
  try {
    return { problems: [], object: await ask() };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { problems: problemsOf(error), object: undefined };
  }
}

function problemsOf({ status, reason, message }: StatusError): readonly Problem[] {
  const causes = status.details?.causes ?? [];
  if (causes.length === 0) return [{ field: "", reason, message }];
  return causes.map((cause) => ({
    field: cause.field ?? "",
    reason: cause.reason ?? "",
    message: cause.message ?? "",
  }));
}

/** The object with a namespace if its kind has one: `default`, unless it names another. */
function placed<T extends ApiObject>(object: T, { isNamespaced }: ResourceType): T {
  const { namespace = "" } = object.metadata;
  if (!isNamespaced || namespace !== "") return object;
  return { ...object, metadata: { ...object.metadata, namespace: "default" } };
}

/** What objects refer to, made so that they are judged by what they say. */
class Surroundings {
  readonly #client: Client;
  readonly #context: Context;
  readonly #made = new Set<string>();

  constructor(client: Client, context: Context) {
    this.#client = client;
    this.#context = context;
  }

  async make(object: ApiObject, type: ResourceType): Promise<void> {
    if (!type.isNamespaced) return;
    const { namespace = "default" } = object.metadata;
    await this.#once(Namespace, "v1", { name: namespace });
    if (type.resource !== "pods" || type.group !== "") return;
    const fields: Fields = object;
    const spec = own(fields, "spec");
    if (!isFields(spec)) return;
    const account = own(spec, "serviceAccountName") ?? "default";
    if (typeof account === "string") {
      await this.#once(ServiceAccount, "v1", { namespace, name: account });
    }
    const priority = own(spec, "priorityClassName");
    if (typeof priority === "string") {
      await this.#once(PriorityClass, "scheduling.k8s.io/v1", { name: priority }, { value: 0 });
    }
  }

  /** A name that no server would take is said by the object itself. */
  async #once(
    type: ResourceType,
    apiVersion: string,
    metadata: { readonly namespace?: string; readonly name: string },
    fields: Fields = {},
  ): Promise<void> {
    const key = `${type.resource} ${metadata.namespace ?? ""}/${metadata.name}`;
    if (this.#made.has(key)) return;
    this.#made.add(key);
    const { kind } = type;
    try {
      await this.#client.create(type, { ...fields, apiVersion, kind, metadata }, this.#context);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }
}

/** Nothing is stored, so nothing has to be converted: versions are judged as they are sent. */
function withoutWebhook(definition: ApiObject): ApiObject {
  const fields: Fields = definition;
  const spec = own(fields, "spec");
  if (!isFields(spec) || !Object.hasOwn(spec, "conversion")) return definition;
  return Object.assign({}, definition, { spec: { ...spec, conversion: { strategy: "None" } } });
}
