/** The provider over HTTP. */
import { DnsApiError, type DnsApi, type DnsEntry } from "./dns-api.ts";

export function httpDns(address: string): DnsApi {
  const send = async (
    method: string,
    path: string,
    signal: AbortSignal,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(new URL(path, address), {
        method,
        signal,
        headers: { "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      signal.throwIfAborted();
      throw new DnsApiError(0, `${address} does not answer: ${String(error)}`);
    }
    if (response.ok || response.status === 404) return response;
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : undefined;
    throw new DnsApiError(response.status, await response.text(), retryAfterMs);
  };
  const path = (id: string): string => `/records/${encodeURIComponent(id)}`;
  return {
    get: async (id, signal) => one(await send("GET", path(id), signal)),
    list: async (query, signal) => {
      const asked = new URLSearchParams(query).toString();
      const response = await send("GET", `/records?${asked}`, signal);
      const { records }: { readonly records: readonly DnsEntry[] } = JSON.parse(
        await response.text(),
      );
      return records;
    },
    create: async (content, key, signal) => {
      const headers = { "idempotency-key": key };
      const made = await one(await send("POST", "/records", signal, content, headers));
      if (made === undefined) throw new DnsApiError(404, `${address} has no /records`);
      return made;
    },
    update: async (id, content, signal) => one(await send("PUT", path(id), signal, content)),
    delete: async (id, signal) => void (await send("DELETE", path(id), signal)),
  };
}

/** Undefined: there is none. */
async function one(response: Response): Promise<DnsEntry | undefined> {
  const text = await response.text();
  return response.status === 404 ? undefined : JSON.parse(text);
}
