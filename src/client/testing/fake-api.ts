/**
 * A small API server for tests of clients: it creates, reads, replaces, merges and deletes objects
 * by path, with one counter of revisions. No kinds, no validation, no lists.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { decodeJson } from "../../machinery/codec/json.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import { isApiObject, isFields, type ApiObject } from "../../machinery/object.ts";
import type { ApiRequest, ApiResponse, UserInfo } from "../../machinery/request.ts";
import {
  alreadyExists,
  badRequest,
  conflict,
  notFound,
  OBJECT_MODIFIED,
  StatusError,
  success,
} from "../../machinery/status.ts";
import { inProcessTransport } from "../in-process.ts";
import { RestClient } from "../rest-client.ts";
import type { Transport } from "../transport.ts";

type Fault = (request: ApiRequest, context: Context) => Promise<void>;

export class FakeApi {
  /** By path. */
  readonly objects: Map<string, ApiObject> = new Map();
  readonly requests: ApiRequest[] = [];
  /** Called before each request is looked at; what it throws is the answer, or the lack of one. */
  before: Fault = () => Promise.resolve();
  /** Called when a request has had its effect, before its answer goes out. */
  after: Fault = () => Promise.resolve();
  #revision = 0;

  transport(): Transport {
    const user = { name: "test", groups: [] };
    return inProcessTransport({
      dispatch: (request, from, context) => this.#answer(request, from, context),
      user,
    });
  }

  client(env: Env): RestClient {
    return new RestClient({ transport: this.transport(), env }, { fieldManager: "test" });
  }

  /** `GET /path`, for each request so far. */
  get log(): readonly string[] {
    return this.requests.map(({ method, path }) => `${method} ${path.split("/").at(-1)}`);
  }

  async #answer(request: ApiRequest, _user: UserInfo, context: Context): Promise<ApiResponse> {
    this.requests.push(request);
    const headers = { "content-type": "application/json" };
    try {
      await this.before(request, context);
      const object = EncodedObject.fromValue(this.#apply(request));
      await this.after(request, context);
      return { status: 200, headers, warnings: [], body: { kind: "object", object } };
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const { status } = error;
      const object = EncodedObject.fromValue({ ...status, metadata: {} });
      return { status: error.code, headers, warnings: [], body: { kind: "object", object } };
    }
  }

  #apply(request: ApiRequest): ApiObject {
    const { method, path } = request;
    const name = path.split("/").at(-1) ?? "";
    const gr = { group: "", resource: "things" };
    if (method === "POST") return this.#create(path, bodyOf(request));
    const old = this.objects.get(path);
    if (old === undefined) throw notFound(gr, name);
    switch (method) {
      case "GET":
        return old;
      case "PUT": {
        const object = bodyOf(request);
        const { resourceVersion } = object.metadata;
        const isStale =
          resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion;
        if (isStale) throw conflict(gr, name, OBJECT_MODIFIED);
        return this.#keep(path, object);
      }
      case "PATCH":
        return this.#keep(path, { ...old, ...fieldsOf(request) });
      case "DELETE":
        this.objects.delete(path);
        return { ...success(), metadata: {} };
      case "HEAD":
      case "OPTIONS":
        throw badRequest(`${method} is not supported here`);
    }
  }

  #create(collection: string, object: ApiObject): ApiObject {
    const { name = "" } = object.metadata;
    const path = `${collection}/${name}`;
    if (this.objects.has(path)) throw alreadyExists({ group: "", resource: "things" }, name);
    return this.#keep(path, object);
  }

  #keep(path: string, object: ApiObject): ApiObject {
    this.#revision += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#revision) };
    const kept = { ...object, metadata };
    this.objects.set(path, kept);
    return kept;
  }
}

function fieldsOf(request: ApiRequest): Readonly<Record<string, unknown>> {
  const { body } = request;
  const value =
    body.kind === "bytes" ? decodeJson(body.bytes).value : body.kind === "value" && body.value;
  if (isFields(value)) return value;
  throw badRequest("the body is not an object");
}

function bodyOf(request: ApiRequest): ApiObject {
  const value: unknown = fieldsOf(request);
  if (isApiObject(value)) return value;
  throw badRequest("the body is no API object");
}
