import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { ConfigMap } from "../client/builtin.ts";
import { httpTransport } from "../client/http/http-transport.ts";
import { RestClient } from "../client/rest-client.ts";
import { createInformers } from "./informers.ts";

const PAGE = "<!DOCTYPE html><html><body>Please log in</body></html>";
const LIST = JSON.stringify({
  kind: "ConfigMapList",
  apiVersion: "v1",
  metadata: { resourceVersion: "7" },
  items: [{ metadata: { name: "a", namespace: "ns", uid: "u", resourceVersion: "5" } }],
});
const ADDED = { metadata: { name: "b", namespace: "ns", uid: "v", resourceVersion: "9" } };

test("pages of a proxy in the place of lists and watches are waited through", async () => {
  let pages = 3; // of the streaming list, of a list, and of a watch
  let failed = 1;
  const server = createServer(({ url = "" }, answer) => {
    const { searchParams } = new URL(url, "http://server");
    const isWatch = searchParams.get("watch") === "true";
    const isStream = searchParams.get("sendInitialEvents") === "true";
    if (failed > 0 || (pages > 0 && (!isStream || pages === 3)) || isStream) {
      const status = failed > 0 ? 502 : 200;
      if (failed > 0) failed -= 1;
      else pages -= 1;
      answer.writeHead(status, { "content-type": "text/html" }).end(PAGE);
      return;
    }
    answer.writeHead(200, { "content-type": "application/json" });
    if (isWatch) answer.write(`${JSON.stringify({ type: "ADDED", object: ADDED })}\n`);
    else answer.end(LIST);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;

  const env = virtualEnv();
  const transport = httpTransport({ server: `http://127.0.0.1:${port}` }, env);
  const informers = createInformers({ client: new RestClient({ transport, env }), env });
  const informer = informers.for(ConfigMap);
  const controller = new AbortController();
  const running = informers.run(aContext(env, controller.signal));
  const names = async (): Promise<readonly (string | undefined)[]> => {
    await env.advance(500);
    return informer.lister.list().map(({ metadata }) => metadata.name);
  };
  await expect.poll(names, { timeout: 20_000, interval: 5 }).toEqual(["a", "b"]);
  expect(pages).toBeLessThanOrEqual(0);
  const errors = env.lines.map(({ fields }) => String(fields["error"]));
  expect(errors.join("\n")).toContain("the server answered a list with an HTML page");
  controller.abort();
  await running;
  await transport.close();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  expect(env.pendingTimers).toBe(0);
}, 30_000);
