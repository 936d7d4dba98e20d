/** Credentials and tokens, as far as a case cares. */
import type { UserInfo } from "../../machinery/request.ts";
import type { Answer, TestServer } from "../testing/test-server.ts";
import type { Credentials } from "./authenticator.ts";

/** Who the server takes a request for; a text says why it is refused. */
export async function whoIs(
  server: TestServer,
  credentials: Partial<Credentials>,
): Promise<UserInfo | string> {
  const complete = { certificate: undefined, authorization: undefined, ...credentials };
  const outcome = await server.authenticate(complete, server.context);
  if (outcome.kind === "user") return outcome.user;
  return outcome.kind === "none" ? "none" : `refused: ${outcome.problem ?? ""}`;
}

export function withToken(token: string): Partial<Credentials> {
  return { authorization: `Bearer ${token}` };
}

export async function makeAccount(server: TestServer, name: string): Promise<string> {
  const body = { metadata: { name } };
  const { value } = await server.call("POST", "/api/v1/namespaces/t/serviceaccounts", { body });
  return value.metadata.uid;
}

/** The answer to a TokenRequest with this spec. */
export function askToken(server: TestServer, account: string, spec: object = {}): Promise<Answer> {
  const path = `/api/v1/namespaces/t/serviceaccounts/${account}/token`;
  return server.call("POST", path, { body: { spec } });
}
