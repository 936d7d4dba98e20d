import { expect, test } from "vitest";
import { StatusError } from "../../machinery/status.ts";
import { StoreBusyError } from "../../store/mvcc/group-commit.ts";
import { BadWriteError } from "../../store/mvcc/write-path.ts";
import {
  CompactedError,
  ConflictError,
  ExistsError,
  NotFoundError,
  revision,
  StoreFailedError,
} from "../../store/store.ts";
import { translateStoreError } from "./store-errors.ts";

const PODS = { group: "", resource: "pods" };

test.each([
  [new ExistsError("x"), 409, "AlreadyExists"],
  [new ConflictError("x"), 409, "Conflict"],
  [new NotFoundError("x"), 404, "NotFound"],
  [new CompactedError(revision(7)), 410, "Expired"],
  [new StoreFailedError("x"), 503, "ServiceUnavailable"],
  [new StoreBusyError("70000 writes wait for the disk"), 429, "TooManyRequests"],
  [new BadWriteError("a value has at most 16 bytes"), 413, "RequestEntityTooLarge"],
])("%s is answered with %i %s", (error, code, reason) => {
  const refusal = translateStoreError(error, PODS, "web");
  expect(refusal).toBeInstanceOf(StatusError);
  expect(refusal).toMatchObject({ code, reason });
});

test("who is told to wait is told how long", () => {
  const refusal = translateStoreError(new StoreBusyError("full"), PODS, "web");
  expect(refusal).toMatchObject({ status: { details: { retryAfterSeconds: 1 } } });
});

test("any other error is passed on as it is", () => {
  const error = new Error("a defect");
  expect(translateStoreError(error, PODS, "web")).toBe(error);
});
