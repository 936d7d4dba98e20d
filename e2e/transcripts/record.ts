/**
 * Records what a real kube-apiserver answers to the scenarios of our own:
 *
 *     node e2e/transcripts/record.ts --server https://127.0.0.1:6443 --ca FILE [NAME...]
 *
 * It wants the tokens `the-admin-token` (user admin, group system:masters) and
 * `the-token-of-alice` (user alice, group devs), no controllers, and the default admission
 * plug-ins. Without names all scenarios are recorded. The namespaces they make stay.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { COMPARED_HEADERS, play, type Target } from "./replay.ts";
import { TOKENS } from "./recorded-users.ts";
import { RECORDINGS } from "./recording.ts";
import { OWN_SCENARIOS } from "./scenarios/index.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { server: { type: "string" }, ca: { type: "string" } },
});
if (values.server === undefined || values.ca === undefined) {
  throw new Error("usage: record.ts --server URL --ca FILE [NAME...]");
}
const target: Target = {
  url: values.server,
  ca: readFileSync(values.ca, "utf8"),
  tokens: TOKENS,
};
const chosen = OWN_SCENARIOS.filter(
  ({ name }) => positionals.length === 0 || positionals.includes(name),
);
if (chosen.length === 0) throw new Error(`no scenario is named ${positionals.join(", ")}`);
for (const scenario of chosen) {
  const lines: string[] = [];
  await play(target, scenario, (step, request, { status, headers, body }) => {
    const kept = COMPARED_HEADERS.map((name) => [name, headers[name]] as const);
    const response = { status, headers: kept.filter(([, value]) => value !== undefined), body };
    lines.push(JSON.stringify({ scenario: scenario.name, step, request, response }));
  });
  writeFileSync(join(RECORDINGS, `${scenario.name}.jsonl`), `${lines.join("\n")}\n`);
  console.log(`${scenario.name}: ${lines.length} steps`);
}
