/** Clients that say the same of each of their writes. */
import type { Client, WriteOptions } from "../client.ts";
import { delegatingClient } from "./delegating-client.ts";

/**
 * `client`, whose writes are all dry runs, whatever a call asks for: the server checks, defaults
 * and answers as for a real write, and keeps nothing. Reads show what is there, not what such
 * writes would have made of it.
 *
 *     const answer = await dryRunClient(client).create(ConfigMap, settings, context);
 */
export function dryRunClient(client: Client): Client {
  return withOptions(client, { always: { dryRun: true } });
}

/**
 * `client`, whose writes are made in the name of `fieldManager` where a call names no other: the
 * owner of the fields in `managedFields`. Deletions have none.
 */
export function withFieldOwner(client: Client, fieldManager: string): Client {
  return withOptions(client, { byDefault: { fieldManager } });
}

/**
 * `client`, whose writes ask the server to treat fields it does not know in this way, where a call
 * asks for no other. `"Strict"` turns a misspelt field into an error.
 */
export function withFieldValidation(
  client: Client,
  fieldValidation: NonNullable<WriteOptions["fieldValidation"]>,
): Client {
  return withOptions(client, { byDefault: { fieldValidation } });
}

type Said = {
  /** Where a call says nothing else. */
  readonly byDefault?: WriteOptions;
  /** Whatever a call says, of deletions too. */
  readonly always?: { readonly dryRun: true };
};

function withOptions(client: Client, said: Said): Client {
  const byDefault: WriteOptions = said.byDefault ?? {};
  const always: Pick<WriteOptions, "dryRun"> = said.always ?? {};
  const write = (options: WriteOptions = {}): WriteOptions => {
    return { ...byDefault, ...options, ...always };
  };
  return delegatingClient(client, {
    create: (type, object, context, options) =>
      client.create(type, object, context, write(options)),
    update: (type, object, context, options) =>
      client.update(type, object, context, write(options)),
    updateStatus: (type, object, context, options) =>
      client.updateStatus(type, object, context, write(options)),
    patch: (type, key, patch, context, options) =>
      client.patch(type, key, patch, context, { ...options, ...write(options) }),
    delete: (type, key, context, options) =>
      client.delete(type, key, context, { ...options, ...always }),
    deleteCollection: (type, options, context) =>
      client.deleteCollection(type, { ...options, ...always }, context),
    createSubresource: (type, key, subresource, body, context, options) =>
      client.createSubresource(type, key, subresource, body, context, write(options)),
    updateSubresource: (type, key, subresource, body, context, options) =>
      client.updateSubresource(type, key, subresource, body, context, write(options)),
  });
}
