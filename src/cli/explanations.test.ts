import { expect, test } from "vitest";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import type { Transport } from "../client/transport.ts";
import { forbidden } from "../machinery/status.ts";
import { ask, askIfAllowed } from "./explanations.ts";
import { sessionOver, type Session } from "./session.ts";
import { explainError } from "./user-error.ts";

const spec = { question: "Hot" } as const;

/** Of a user who has no rights. */
function aSession(): Session {
  const refusal = forbidden({ group: "trace.setpoint.dev", resource: "explanations" }, "", "no");
  const transport: Transport = { send: () => Promise.reject(refusal), close: async () => {} };
  const terminal = { write: () => {}, warn: () => {}, isInteractive: false, columns: 100 };
  const { signal } = new AbortController();
  return sessionOver(transport, { env: virtualEnv(), terminal, signal, namespace: "default" });
}

test("who may not ask is told the rule that is missing, as commands that add it", async () => {
  const error: unknown = await ask(aSession(), spec).catch((thrown: unknown) => thrown);
  const text = explainError(error);
  expect(text).toMatch(/^error: you may not ask this server why things happen: /);
  expect(text).toContain(
    "kubectl create clusterrole setpoint-explainer --verb=create " +
      "--resource=explanations.trace.setpoint.dev\n",
  );
  expect(text).toContain("kubectl create clusterrolebinding setpoint-explainer");
});

test("a question that can be answered without the server needs no right to ask", async () => {
  expect(await askIfAllowed(aSession(), spec)).toBeUndefined();
});
