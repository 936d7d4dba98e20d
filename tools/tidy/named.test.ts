/** Names that guides mention in passing exist: of the API, of Kubernetes' fields, of metrics. */
import { expect, test } from "vitest";
import { publicSubpaths } from "../api-reference/subpaths.ts";
import { isTestFile, readText, repositoryFiles, typescriptFiles } from "./sources.ts";

/** Two words or more in one: `createManager`, `readyReplicas`. Shorter ones may be anything. */
const NAME = /\b[a-z]+[A-Z]\w*\b|\b[A-Z][a-z]+[A-Z]\w*\b/g;
const WORDS = /\w+/g;

/** Tables of what users of other libraries know. */
const FOREIGN_GUIDES = /migrating-from-/;
/** Of Node. */
const FOREIGN_NAMES = ["setTimeout", "setInterval", "createHash", "generateKeyPairSync"];

function guides(): readonly string[] {
  return repositoryFiles().filter((path) => /^README\.md$|^docs\/guides\/.*\.md$/.test(path));
}

function proseOf(text: string): string {
  return text.replace(/^ *```[^]*?^ *```$/gm, "").replace(/<!--[^]*?-->/g, "");
}

/** What stands between backticks, texts in quotes left out. */
function codeOf(prose: string): readonly string[] {
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) =>
    code.replace(/"[^"]*"|'[^']*'/g, ""),
  );
}

/** All words of public declarations, and the fields of Kubernetes. */
function publicWords(): ReadonlySet<string> {
  const signatures = publicSubpaths().flatMap(({ names }) =>
    names.map(({ name, declaration }) => `${name} ${declaration.signature}`),
  );
  const fields = typescriptFiles("src/apis")
    .filter((path) => path.endsWith("/types.generated.ts"))
    .map(readText);
  return new Set([...signatures, ...fields].flatMap((text) => text.match(WORDS) ?? []));
}

test("names in the prose of guides are public, or fields, or shown in a block", () => {
  const known = publicWords();
  expect(known.size).toBeGreaterThan(2_000);
  // Reasons of events, values of charts and the like are texts or keys in the sources.
  const product = typescriptFiles("src").filter((path) => !isTestFile(path));
  const isText = (word: string): boolean => {
    const quoted = new RegExp(`["'\`]${word}["'\`]|\\b${word}:`);
    return product.some((path) => quoted.test(readText(path)));
  };
  const blocks = guides().map((path) =>
    [...readText(path).matchAll(/^ *```[^]*?^ *```$/gm)].join(),
  );
  const shown = new Set(blocks.join("\n").match(WORDS));
  const unknown = guides()
    .filter((path) => !FOREIGN_GUIDES.test(path))
    .flatMap((path) => {
      const prose = proseOf(readText(path));
      const words = new Set(codeOf(prose).flatMap((code) => code.match(NAME) ?? []));
      return [...words]
        .filter((word) => !known.has(word) && !shown.has(word) && !FOREIGN_NAMES.includes(word))
        .filter((word) => !isText(word))
        .map((word) => `${path}: ${word}`);
    });
  expect(unknown).toEqual([]);
});

const FAMILIES =
  "certwatcher|controller_runtime|leader_election|nodejs|process|rest_client|setpoint|workqueue";
const METRIC = new RegExp(`\\b(?:${FAMILIES})_[a-z_]+[a-z]\\b`, "g");

test("metrics that guides mention are in the list of metrics", () => {
  const listed = new Set(readText("docs/reference/metrics.md").match(/\b[a-z_]+\b/g));
  const named = guides().flatMap((path) => [
    ...new Set((readText(path).match(METRIC) ?? []).map((name) => `${path}: ${name}`)),
  ]);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((each) => !listed.has(each.replace(/.*: /, "")))).toEqual([]);
});
