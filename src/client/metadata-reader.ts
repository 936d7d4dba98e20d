/**
 * Reads objects of any kind without what is special about the kind: metadata only. Whoever follows
 * every kind there is needs no more, and would otherwise hold the whole cluster in memory.
 */
import type { ApiRequest } from "../machinery/request.ts";
import type { Client } from "./client.ts";
import { RestClient, type RestClientDeps } from "./rest-client.ts";

/** The reads of a client; the objects have metadata only, whatever their type says. */
export type MetadataReader = Pick<Client, "list" | "watch">;

export function metadataReader({ transport, env }: RestClientDeps): MetadataReader {
  return new RestClient({
    transport: {
      send: (request, context) => transport.send(asMetadata(request), context),
      close: () => transport.close(),
    },
    env,
  });
}

/** Servers without this view answer with whole objects, which have metadata as well. */
function asMetadata(request: ApiRequest): ApiRequest {
  const isWatch = request.query.get("watch") === "true";
  const view = isWatch ? "PartialObjectMetadata" : "PartialObjectMetadataList";
  const accept = `application/json;as=${view};g=meta.k8s.io;v=v1,application/json`;
  return { ...request, headers: { ...request.headers, accept } };
}
