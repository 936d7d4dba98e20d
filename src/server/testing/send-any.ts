/** Sends requests of any kind to a server in memory, and looks at what comes back. */
import { withSignal } from "../../base/context.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { wholePieces } from "../http/write-response.ts";
import type { AnyRequest } from "./any-request.ts";
import { problemOf } from "./judge-answer.ts";
import type { TestServer } from "./test-server.ts";

/** How far virtual time goes while an answer is waited for, at a time. */
const STEP_MS = 1_000;

/** What is wrong with the answer to a request; undefined if nothing is. Reads it to its end. */
export async function problemAfter(
  server: TestServer,
  { method, target, headers, body }: AnyRequest,
): Promise<string | undefined> {
  const leave = new AbortController();
  const context = withSignal(server.context, leave.signal);
  const call = { headers, context, ...(body === undefined ? {} : { body }) };
  const answer = await untilSettled(server, server.send(method, target, call));
  const problem = problemOf(answer, target);
  await read(answer, leave);
  if (problem !== undefined) return problem;
  const defects = server.env.lines.filter((line) => line.level === "error");
  return defects.length === 0 ? undefined : `logged: ${JSON.stringify(defects)}`;
}

async function untilSettled<T>(server: TestServer, pending: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = pending.finally(() => {
    isSettled = true;
  });
  settled.catch(() => undefined);
  await server.env.settle();
  while (!isSettled) await server.env.advance(STEP_MS);
  return settled;
}

/** The first of a stream, all of anything else. */
async function read({ body }: ApiResponse, leave: AbortController): Promise<void> {
  if (body.kind === "events") {
    const events = body.events[Symbol.asyncIterator]();
    const first = events.next();
    leave.abort();
    const { value, done } = await first;
    if (done !== true) for (const event of value) body.frame?.(event);
    await events.return?.();
    return;
  }
  for (const _piece of wholePieces(body)) continue;
}
