/** What other API servers say they serve, kept so that it can be told together with our own. */
import { withSignal, type Context } from "../../base/context.ts";
import { childSignal } from "../../base/signals.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { BackendError } from "../proxy/backends.ts";
import { readAll } from "../proxy/forward.ts";
import { WebhookCallError } from "../webhooks/webhook-client.ts";
import type { RemoteService } from "./api-service-index.ts";
import { AGGREGATOR, CHECK_MS_MAX, type CheckDeps } from "./check-remote.ts";
import { identityHeaders, remoteBackend } from "./remote-backend.ts";

/** Bytes of a document that are read. */
export const DOCUMENT_BYTES_MAX: number = 4 * 1024 * 1024;

const AGGREGATED =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList," +
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList," +
  "application/json";

/** `APIResourceDiscovery` entries of a group and version; undefined: it does not say. */
export async function fetchRemote(
  remote: RemoteService,
  deps: CheckDeps,
  context: Context,
): Promise<readonly Fields[] | undefined> {
  const all = await fetchJson(remote, "/apis", AGGREGATED, deps, context);
  const aggregated = isFields(all) ? entriesIn(all, remote) : undefined;
  if (aggregated !== undefined) return aggregated;
  const path = `/apis/${remote.group}/${remote.version}`;
  const list = await fetchJson(remote, path, "application/json", deps, context);
  return isFields(list) ? entriesOfList(list, remote) : undefined;
}

async function fetchJson(
  remote: RemoteService,
  target: string,
  accept: string,
  deps: CheckDeps,
  context: Context,
): Promise<unknown> {
  const child = childSignal(context.signal);
  const timer = deps.env.timers.after(CHECK_MS_MAX, () => child.abort());
  try {
    const backend = await remoteBackend(remote, deps.resolve, context);
    const headers = { host: backend.authority, accept, ...identityHeaders(AGGREGATOR) };
    const call = { backend, head: { method: "GET", target, headers }, body: new Uint8Array() };
    const { status, chunks } = await deps.backends.send(call, withSignal(context, child.signal));
    const bytes = await readAll(chunks, DOCUMENT_BYTES_MAX);
    return status === 200 ? (JSON.parse(new TextDecoder().decode(bytes)) as unknown) : undefined;
  } catch (error) {
    context.signal.throwIfAborted();
    const isExpected =
      child.signal.aborted ||
      error instanceof WebhookCallError ||
      error instanceof BackendError ||
      error instanceof SyntaxError ||
      isStatus(error);
    if (isExpected) return undefined;
    throw error;
  } finally {
    timer.cancel();
    child.release();
  }
}

function entriesIn(document: Fields, remote: RemoteService): readonly Fields[] | undefined {
  if (own(document, "kind") !== "APIGroupDiscoveryList") return undefined;
  const group = fieldsIn(own(document, "items")).find((each) => {
    const metadata = own(each, "metadata");
    return isFields(metadata) && own(metadata, "name") === remote.group;
  });
  const version = fieldsIn(own(group ?? {}, "versions")).find(
    (each) => own(each, "version") === remote.version,
  );
  return version === undefined ? undefined : fieldsIn(own(version, "resources"));
}

/** The older form has an entry for each subresource. */
export function entriesOfList(list: Fields, remote: RemoteService): readonly Fields[] | undefined {
  if (own(list, "kind") !== "APIResourceList") return undefined;
  const listed = fieldsIn(own(list, "resources"));
  return listed.flatMap((each) => {
    const name = textIn(each, "name");
    if (name === "" || name.includes("/")) return [];
    const below = listed.filter((other) => textIn(other, "name").startsWith(`${name}/`));
    return [
      {
        resource: name,
        responseKind: kindOf(each, remote),
        scope: own(each, "namespaced") === true ? "Namespaced" : "Cluster",
        singularResource: textIn(each, "singularName"),
        verbs: own(each, "verbs") ?? [],
        ...present(each, "shortNames"),
        ...present(each, "categories"),
        ...(below.length === 0
          ? {}
          : {
              subresources: below.map((other) => ({
                subresource: textIn(other, "name").slice(name.length + 1),
                responseKind: kindOf(other, remote),
                verbs: own(other, "verbs") ?? [],
              })),
            }),
      },
    ];
  });
}

function kindOf(entry: Fields, { group, version }: RemoteService): Fields {
  return {
    group: textIn(entry, "group") || group,
    version: textIn(entry, "version") || version,
    kind: textIn(entry, "kind"),
  };
}

function present(entry: Fields, name: string): Fields {
  const value = own(entry, name);
  return value === undefined ? {} : { [name]: value };
}

function textIn(fields: Fields, name: string): string {
  const value = own(fields, name);
  return typeof value === "string" ? value : "";
}

function fieldsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}
