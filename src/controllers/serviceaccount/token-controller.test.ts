import { expect, test } from "vitest";
import { Secret, ServiceAccount } from "../../client/builtin.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import { tokenController } from "./token-controller.ts";

const account = { namespace: "team", name: "robot" };
const secret = { namespace: "team", name: "robot-token" };

function aSecret(annotations: Readonly<Record<string, string>>): Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { ...secret, annotations },
    type: "kubernetes.io/service-account-token",
  };
}

async function aWorld(): Promise<ControllerWorld> {
  const world = controllerWorld();
  world.start((deps) =>
    tokenController(deps, {
      authorityPem: "PEM",
      signToken: (key, { name }) => Promise.resolve(`token of ${name} in ${key.name}`),
    }),
  );
  const { client } = world.cluster;
  const named: ServiceAccount = { apiVersion: "v1", kind: "ServiceAccount", metadata: account };
  await client.create(ServiceAccount, named, world.context);
  await client.create(
    Secret,
    aSecret({ "kubernetes.io/service-account.name": "robot" }),
    world.context,
  );
  await world.env.settle();
  return world;
}

test("a secret for a token of an account is filled, and kept filled", async () => {
  const world = await aWorld();
  const uid = world.cluster.find(ServiceAccount, account)?.metadata.uid;
  const token = btoa("token of robot in robot-token");
  const filled = { token, namespace: btoa("team"), "ca.crt": btoa("PEM") };
  const found = world.cluster.find(Secret, secret);
  expect(found?.data).toEqual(filled);
  expect(found?.metadata.annotations).toMatchObject({ "kubernetes.io/service-account.uid": uid });
  const patch = { kind: "merge", patch: { data: { token: null, mine: "eA==" } } } as const;
  await world.cluster.client.patch(Secret, secret, patch, world.context);
  await world.env.settle();
  expect(world.cluster.find(Secret, secret)?.data).toEqual({ ...filled, mine: "eA==" });
  await world.stop();
});

test("a secret goes with the account its token is of, and with that one only", async () => {
  const world = await aWorld();
  const { client } = world.cluster;
  await client.delete(ServiceAccount, account, world.context);
  await world.env.settle();
  expect(world.cluster.find(Secret, secret)).toBeUndefined();
  const named: ServiceAccount = { apiVersion: "v1", kind: "ServiceAccount", metadata: account };
  await client.create(ServiceAccount, named, world.context);
  const other = aSecret({
    "kubernetes.io/service-account.name": "robot",
    "kubernetes.io/service-account.uid": "of an earlier one",
  });
  await client.create(Secret, other, world.context);
  await world.env.settle();
  expect(world.cluster.find(Secret, secret)).toBeUndefined();
  await world.stop();
});

test("secrets of other types are left alone", async () => {
  const world = await aWorld();
  const other: Secret = { ...aSecret({}), type: "Opaque", data: { token: "" } };
  const key = { namespace: "team", name: "other" };
  const named: Secret = { ...other, metadata: key };
  await world.cluster.client.create(Secret, named, world.context);
  await world.env.settle();
  expect(world.cluster.find(Secret, key)?.data).toEqual({ token: "" });
  await world.stop();
});
