import { expect, test } from "vitest";
import { rootContext } from "../../base/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { ConfigMap } from "../../client/builtin.ts";
import { LeadershipLostError } from "../../client/leader-election.ts";
import { RestClient } from "../../client/rest-client.ts";
import type { Transport } from "../../client/transport.ts";
import { tooManyRequests } from "../../machinery/status.ts";
import { statusAnswer } from "../../server/answers.ts";
import { fencedClient } from "./fenced-client.ts";

test("a write that was asked to wait is not sent again by one who leads no more", async () => {
  const env = virtualEnv();
  const sent: string[] = [];
  const busy: Transport = {
    send: ({ method }) => {
      sent.push(method);
      return Promise.resolve(statusAnswer(tooManyRequests("busy", 20).status));
    },
    close: () => Promise.resolve(),
  };
  let isLeading = true;
  const client = fencedClient(new RestClient({ transport: busy, env }), () => isLeading);
  const context = rootContext(env, new AbortController().signal);
  const key = { namespace: "default", name: "a" };

  const deletion = client.delete(ConfigMap, key, context);
  const refused = expect(deletion).rejects.toThrow(LeadershipLostError);
  await env.advance(20_000);
  expect(sent).toEqual(["DELETE", "DELETE"]);
  isLeading = false;
  await env.advance(60_000);
  await refused;
  expect(sent).toEqual(["DELETE", "DELETE"]);
});
