/** The one place that spells out what a client can be asked, for those that change a part of it. */
import type { Client } from "../client.ts";

/** `client`, but for the calls in `changed`. */
export function delegatingClient(client: Client, changed: Partial<Client>): Client {
  return {
    get: (...call) => client.get(...call),
    list: (...call) => client.list(...call),
    watch: (...call) => client.watch(...call),
    create: (...call) => client.create(...call),
    update: (...call) => client.update(...call),
    updateStatus: (...call) => client.updateStatus(...call),
    patch: (...call) => client.patch(...call),
    delete: (...call) => client.delete(...call),
    deleteCollection: (...call) => client.deleteCollection(...call),
    createSubresource: (...call) => client.createSubresource(...call),
    updateSubresource: (...call) => client.updateSubresource(...call),
    ...changed,
  };
}
