/**
 * A client whose writes end with leadership. A process that slept (a suspended machine, a long
 * pause) may wake up in the middle of a reconcile while another process leads already: it is asked
 * before each write whether it still does. What is under way at that moment cannot be called back.
 */
import type { Client } from "../../client/client.ts";
import { LeadershipLostError } from "../../client/leader-election.ts";

/** `client`, refusing writes with `LeadershipLostError` whenever `holds` says no. */
export function fencedClient(client: Client, holds: () => boolean): Client {
  const fenced = async <T>(write: () => Promise<T>): Promise<T> => {
    if (holds()) return write();
    throw new LeadershipLostError("this process does not lead any more: the write was not sent");
  };
  return {
    get: (...call) => client.get(...call),
    list: (...call) => client.list(...call),
    watch: (...call) => client.watch(...call),
    create: (...call) => fenced(() => client.create(...call)),
    update: (...call) => fenced(() => client.update(...call)),
    updateStatus: (...call) => fenced(() => client.updateStatus(...call)),
    patch: (...call) => fenced(() => client.patch(...call)),
    delete: (...call) => fenced(() => client.delete(...call)),
    deleteCollection: (...call) => fenced(() => client.deleteCollection(...call)),
    createSubresource: (...call) => fenced(() => client.createSubresource(...call)),
    updateSubresource: (...call) => fenced(() => client.updateSubresource(...call)),
  };
}
