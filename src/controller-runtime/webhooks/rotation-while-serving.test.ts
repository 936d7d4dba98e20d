/** A server in virtual time on a real socket: months pass, and nobody has to start it again. */
import { connect } from "node:tls";
import { expect, test, vi } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import { rootContext } from "../../base/context.ts";
import { ConfigMap, MutatingWebhookConfiguration, Secret } from "../../client/builtin.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import { DAY_MS } from "../../pki/certificates.ts";
import { admission } from "./admission.ts";
import { SECRET_LOOK_MS } from "./secret-certificates.ts";
import { ServedWebhooks } from "./served-webhooks.ts";

const SERVICE = { namespace: "default", name: "hooks" };
const never = admission(ConfigMap, { default: (map) => map, failurePolicy: "Ignore" });

function aServer({ client, env }: TestWorld): ServedWebhooks {
  const options = { handlers: [never], service: SERVICE, port: 0, host: "127.0.0.1" };
  return new ServedWebhooks(options, { client, env, metrics: createMetrics() });
}

/** The serial number of what the server shows; its dates are not of this machine's time. */
function shownBy(server: ServedWebhooks): Promise<string> {
  return new Promise((resolve, reject) => {
    const to = { host: "127.0.0.1", port: server.port, rejectUnauthorized: false };
    const socket = connect(to, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

async function trusted(world: TestWorld): Promise<readonly (string | undefined)[]> {
  const found = await world.get(MutatingWebhookConfiguration, { namespace: "", name: "hooks" });
  const secret = await world.get(Secret, "hooks-certificates");
  return [found?.webhooks?.[0]?.clientConfig.caBundle, secret?.data?.["ca.crt"]];
}

test("certificates are renewed while it serves, and registrations follow", async () => {
  await using world = await createTestWorld({ hasControllers: false });
  const server = aServer(world);
  const stop = new AbortController();
  const context = rootContext(world.env, stop.signal);
  expect(server.health()).toMatchObject({ isOk: false });
  await server.start(context);
  const running = server.run(context);
  expect(server.health()).toEqual({ name: "webhooks", isOk: true, state: "listening" });
  const first = await shownBy(server);

  world.env.jumpWallClock(61 * DAY_MS);
  await world.env.advance(SECRET_LOOK_MS);
  await vi.waitFor(async () => expect(await shownBy(server)).not.toBe(first));

  await world.delete(MutatingWebhookConfiguration, { namespace: "", name: "hooks" });
  await world.delete(Secret, "hooks-certificates");
  await vi.waitFor(async () => {
    await world.env.advance(SECRET_LOOK_MS);
    const [inConfiguration, inSecret] = await trusted(world);
    expect(inConfiguration).toBeDefined();
    expect(inSecret).toBe(inConfiguration);
  });
  expect(server.health().isOk).toBe(true);

  stop.abort();
  await running;
  await server.close();
  expect(server.health()).toMatchObject({ isOk: false, state: "it has ended" });
});

test("while it cannot be up to date it says why, and serves on", async () => {
  await using world = await createTestWorld({ hasControllers: false });
  const server = aServer(world);
  const stop = new AbortController();
  const context = rootContext(world.env, stop.signal);
  await server.start(context);
  const running = server.run(context);
  const first = await shownBy(server);
  const theirs = { data: { "tls.crt": btoa("theirs") } };
  await world.delete(Secret, "hooks-certificates");
  const metadata = { name: "hooks-certificates", namespace: "default" };
  const foreign = { apiVersion: "v1", kind: "Secret", metadata, ...theirs } as const;
  await world.client.create(Secret, foreign, world.context);
  await vi.waitFor(async () => {
    await world.env.advance(SECRET_LOOK_MS);
    expect(server.health().state).toContain("which this program has not put there");
  });
  expect(await shownBy(server)).toBe(first);

  await world.delete(Secret, "hooks-certificates");
  await vi.waitFor(async () => {
    await world.env.advance(SECRET_LOOK_MS);
    expect(server.health().isOk).toBe(true);
  });
  expect(await shownBy(server)).toBe(first);
  stop.abort();
  await running;
  await server.close();
});
