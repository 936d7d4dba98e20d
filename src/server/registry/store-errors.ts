/** The one place where the store's errors become API refusals. */
import {
  CompactedError,
  ConflictError,
  ExistsError,
  FutureRevisionError,
  NotFoundError,
  StoreFailedError,
} from "../../store/store.ts";
import { StoreBusyError } from "../../store/mvcc/group-commit.ts";
import { BadWriteError } from "../../store/mvcc/write-path.ts";
import {
  alreadyExists,
  conflict,
  expired,
  notFound,
  OBJECT_MODIFIED,
  serviceUnavailable,
  timeout,
  tooLarge,
  tooManyRequests,
  type StatusError,
} from "../../machinery/status.ts";

type About = { readonly group: string; readonly resource: string };

/** What a list or watch at a forgotten revision is told. */
export const REVISION_TOO_OLD = "The resourceVersion for the provided list is too old.";

/** The refusal a store error means for a request about `name`; any other error as it is. */
export function translateStoreError(error: unknown, about: About, name: string): unknown {
  if (error instanceof ExistsError) return alreadyExists(about, name);
  if (error instanceof NotFoundError) return notFound(about, name);
  if (error instanceof ConflictError) return conflict(about, name, OBJECT_MODIFIED);
  if (error instanceof CompactedError) return expired(REVISION_TOO_OLD);
  if (error instanceof StoreFailedError) {
    return serviceUnavailable("the store failed and accepts no writes until it is opened again");
  }
  if (error instanceof StoreBusyError) return tooManyRequests(error.message, 1);
  if (error instanceof BadWriteError) return tooLarge(error.message);
  return error;
}

/** A revision that does not exist yet. Clients know the cause and ask again. */
export function tooLargeResourceVersion(asked: string, current: number): StatusError {
  return timeout(`Timeout: Too large resource version: ${asked}, current: ${current}`, [
    { reason: "ResourceVersionTooLarge", message: "Too large resource version" },
  ]);
}

/** Whether the error says that the revision lies ahead. */
export function isFutureRevision(error: unknown): error is FutureRevisionError {
  return error instanceof FutureRevisionError;
}
