/**
 * The fake provider as a program, with an API to try with curl:
 *
 *     curl localhost:8053/records?domain=example.dev
 *     curl -X DELETE localhost:8053/records/r-1
 *     curl -X POST "localhost:8053/faults?isDown=true"
 */
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { realEnv } from "setpoint/client";
import { DnsApiError } from "./dns-api.ts";
import { FakeDns } from "./fake-dns.ts";

const port = Number(process.env["PORT"] ?? 8053);
const dns = new FakeDns(realEnv());
const { signal } = new AbortController();

async function answer(request: IncomingMessage): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://provider");
  const [, resource, id = ""] = pathname.split("/");
  const body: unknown = JSON.parse((await text(request)) || "{}");
  if (resource === "faults") return setFaults(searchParams);
  if (resource !== "records") throw new DnsApiError(404, "there is /records and /faults");
  const content = { name: "", type: "A", values: [], ttl: 300, owner: "", ...Object(body) };
  switch (`${request.method} ${id === "" ? "all" : "one"}`) {
    case "GET all": {
      const owner = searchParams.get("owner");
      const query = owner === null ? { domain: searchParams.get("domain") ?? "" } : { owner };
      return { records: await dns.list(query, signal) };
    }
    case "POST all": {
      const key = String(request.headers["idempotency-key"] ?? Math.random());
      return dns.create(content, key, signal);
    }
    case "GET one":
      return dns.get(id, signal);
    case "PUT one":
      return dns.update(id, content, signal);
    case "DELETE one":
      return (await dns.delete(id, signal)) ?? {};
    default:
      throw new DnsApiError(405, `no ${request.method} here`);
  }
}

function setFaults(wanted: URLSearchParams): unknown {
  const number = (name: string, now: number): number => Number(wanted.get(name) ?? now);
  dns.isDown = (wanted.get("isDown") ?? String(dns.isDown)) === "true";
  dns.delayMs = number("delayMs", dns.delayMs);
  dns.recordsMax = number("recordsMax", dns.recordsMax);
  dns.callsPerSecond = number("callsPerSecond", dns.callsPerSecond);
  const { isDown, delayMs, recordsMax, callsPerSecond } = dns;
  return { isDown, delayMs, recordsMax, callsPerSecond };
}

const server = createServer((request, response) => {
  answer(request).then(
    (found) => {
      console.log(request.method, request.url, found === undefined ? 404 : 200);
      response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(`${JSON.stringify(found ?? { message: "not found" })}\n`);
    },
    (error: unknown) => {
      const { status, message, retryAfterMs } =
        error instanceof DnsApiError ? error : new DnsApiError(400, String(error));
      console.log(request.method, request.url, status, message);
      if (status === 0) return response.destroy();
      const after = retryAfterMs === undefined ? {} : { "retry-after": `${retryAfterMs / 1_000}` };
      return response.writeHead(status, after).end(`${message}\n`);
    },
  );
});
server.listen(port, "127.0.0.1", () => console.log(`the provider: http://127.0.0.1:${port}`));
