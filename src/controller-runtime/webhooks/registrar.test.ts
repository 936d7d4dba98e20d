import { expect, test } from "vitest";
import { ConfigMap, MutatingWebhookConfiguration } from "../../client/builtin.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import { admission } from "./admission.ts";
import { configurationsOf, leftOversOf, manifestOf } from "./configurations.ts";
import { reachOf } from "./place.ts";
import { Registrar, type RegistrationMode } from "./registrar.ts";
import type { WebhookReach } from "./webhook-handler.ts";

const NAME = "hooks";
const registrations = configurationsOf([admission(ConfigMap, { default: (map) => map })], NAME);
const options = { hasControllers: false };
const NOWHERE = { matchLabels: { no: "where" } };
const key = { namespace: "", name: NAME };
const PEMS = ["first", "second"].map((text) => {
  const body = Buffer.from(text).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
});

/** At a place nobody calls in these tests: nothing is created of the kind. */
function trusting(authorities: string | undefined): WebhookReach {
  return reachOf({ service: { namespace: "a", name: "b" } }, { port: 1, authorities });
}

/** A process that keeps registrations up to date. */
function aProcess({ client, context }: TestWorld, mode: RegistrationMode) {
  const registrar = new Registrar(registrations, mode, client);
  return {
    ensure: (reach: WebhookReach) => registrar.ensure(reach, context),
    remove: () => registrar.remove(context),
  };
}

async function present(world: TestWorld) {
  const found = await world.get(MutatingWebhookConfiguration, key);
  const [webhook] = found?.webhooks ?? [];
  const { name, clientConfig = {}, timeoutSeconds } = webhook ?? {};
  const { caBundle = "" } = clientConfig;
  const trusted = Buffer.from(caBundle, "base64").toString();
  return { name, timeoutSeconds, trusted, version: found?.metadata.resourceVersion };
}

/** Somebody else changes what is there. */
async function meddle({ client, context }: TestWorld): Promise<void> {
  const operations = [{ op: "replace", path: "/webhooks/0/timeoutSeconds", value: 1 }];
  await client.patch(MutatingWebhookConfiguration, key, { kind: "json", operations }, context);
}

const [FIRST = "", SECOND = ""] = PEMS;

test("configurations are made, made again if they go, and not written for nothing", async () => {
  await using world = await createTestWorld(options);
  const { ensure } = aProcess(world, "apply");
  await ensure(trusting(FIRST));
  const made = await present(world);
  expect(made).toMatchObject({ name: "mutate.configmaps.core", trusted: FIRST });
  await ensure(trusting(FIRST));
  expect(await present(world)).toEqual(made);

  await meddle(world);
  await ensure(trusting(SECOND));
  expect(await present(world)).toMatchObject({ timeoutSeconds: 1, trusted: SECOND });
  await aProcess(world, "apply").ensure(trusting(SECOND)); // as after a restart
  expect(await present(world)).toMatchObject({ timeoutSeconds: 10, trusted: SECOND });
  await world.delete(MutatingWebhookConfiguration, key);
  await ensure(trusting(SECOND));
  expect(await present(world)).toMatchObject({ timeoutSeconds: 10, trusted: SECOND });
});

test("of configurations by others, only whom to trust is kept up to date", async () => {
  await using world = await createTestWorld(options);
  const { ensure, remove } = aProcess(world, "ca-bundle");
  await expect(ensure(trusting(FIRST))).rejects.toThrow(
    /MutatingWebhookConfiguration hooks is not there: apply the manifests .* or let the program/,
  );
  const manifests = registrations.map((each) => ({
    metadata: { name: NAME },
    ...manifestOf(each, trusting(undefined)),
  }));
  await world.apply(manifests);
  await meddle(world);
  await ensure(trusting(FIRST));
  expect(await present(world)).toMatchObject({ timeoutSeconds: 1, trusted: FIRST });
  await ensure(trusting(SECOND));
  const last = await present(world);
  expect(last).toMatchObject({ timeoutSeconds: 1, trusted: SECOND });
  await ensure(trusting(SECOND));
  await ensure(trusting(undefined)); // somebody else tells whom to trust
  await remove();
  expect(await present(world)).toEqual(last);
});

test("a configuration that no webhook is left for goes, unless it is of others, too", async () => {
  await using world = await createTestWorld(options);
  await aProcess(world, "apply").ensure(trusting(FIRST));
  const only = admission(ConfigMap, { validate: () => [], namespaceSelector: NOWHERE });
  const registrar = () => {
    const leftOvers = leftOversOf([only], NAME);
    return new Registrar(configurationsOf([only], NAME), "apply", world.client, leftOvers);
  };
  const elsewhere = { service: { namespace: "a", name: "other" } };
  await registrar().ensure(reachOf(elsewhere, { port: 1, authorities: FIRST }), world.context);
  expect((await present(world)).name).toBe("mutate.configmaps.core");
  await registrar().ensure(trusting(FIRST), world.context);
  expect((await present(world)).name).toBeUndefined();
});

test("what a process has applied it removes, and nothing else", async () => {
  await using world = await createTestWorld(options);
  const { ensure, remove } = aProcess(world, "apply");
  await ensure(trusting(FIRST));
  await aProcess(world, "apply").remove();
  expect((await present(world)).name).toBe("mutate.configmaps.core");
  await remove();
  expect(await world.get(MutatingWebhookConfiguration, key)).toBeUndefined();
  await remove();
});
