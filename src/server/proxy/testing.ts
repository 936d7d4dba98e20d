/** Backends that answer by a function, and keep what they were asked. */
import type { Context } from "../../base/context.ts";
import type { BackendAnswer, BackendCall, Backends } from "./backends.ts";

export type FakeBackends = Backends & { readonly calls: readonly BackendCall[] };

export function fakeBackends(
  answer: (call: BackendCall) => BackendAnswer | Promise<BackendAnswer>,
): FakeBackends {
  const calls: BackendCall[] = [];
  return {
    calls,
    send: async (call: BackendCall, { signal }: Context) => {
      signal.throwIfAborted();
      calls.push(call);
      return answer(call);
    },
  };
}

/** An answer with all of its body at once. */
export function backendAnswer(
  status: number,
  text = "",
  headers: Readonly<Record<string, string>> = { "content-type": "text/plain" },
): BackendAnswer {
  return { status, headers, chunks: once(text) };
}

// oxlint-disable-next-line typescript/require-await -- a stream of what is there already.
async function* once(text: string): AsyncGenerator<Uint8Array> {
  if (text !== "") yield new TextEncoder().encode(text);
}
