/**
 * Tests that guides show are run as they stand there. That all their other code compiles is seen to
 * by `tools/tidy/snippets.test.ts`.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { snippetsOf } from "../tools/tidy/snippets.ts";
import { readText, repositoryFiles, ROOT } from "../tools/tidy/sources.ts";

const CONFIG = `
const conditions = ["setpoint-source"];
export default {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { include: ["**/*.test.ts"], testTimeout: 60_000 },
};
`;

type Report = {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
};

/** Simulates a controller with a defect, so that its readers see how one is told of. */
const SHOWS_FAILURES = "simulating";

/** Its pools make too many: seen as more than anybody wants, or as more than without faults. */
const STORY = /SimulationError: (never more workers|the same as without faults: pods)/;

test("tests that guides show pass as printed, or fail with the story that they are to tell", () => {
  mkdirSync(join(ROOT, "tmp"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "tmp", "guides-")); // from here `setpoint` is found
  try {
    const guides = repositoryFiles().filter((path) => /^docs\/guides\/.*\.md$/.test(path));
    for (const guide of guides) {
      for (const { name, code } of snippetsOf(readText(guide))) {
        const isTest = /from "vitest"/.test(code);
        const file = isTest ? name.replace(/\.ts$/, ".test.ts") : name;
        const path = join(folder, basename(guide, ".md"), file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, code);
      }
    }
    writeFileSync(join(folder, "vitest.config.ts"), CONFIG);
    const out = join(folder, "report.json");
    const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--root", folder, "--reporter", "json", "--outputFile", out];
    const { stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    const report = JSON.parse(readText(out.slice(ROOT.length + 1))) as Report;
    const isToFail = (file: string): boolean => basename(dirname(file)) === SHOWS_FAILURES;
    const results = report.testResults;
    expect(failuresOf(results.filter(({ name }) => !isToFail(name))), stderr).toEqual([]);
    const stories = failuresOf(results.filter(({ name }) => isToFail(name)));
    expect(stories.length, stderr).toBeGreaterThanOrEqual(2);
    for (const story of stories) expect(story).toMatch(STORY);
    expect(report.numTotalTests).toBeGreaterThanOrEqual(6);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);

function failuresOf(results: Report["testResults"]): readonly string[] {
  return results.flatMap(({ name, message, assertionResults }) => [
    ...(message === "" ? [] : [`${name}: ${message}`]),
    ...assertionResults
      .filter(({ status }) => status !== "passed")
      .map(({ title, failureMessages }) => `${title}: ${failureMessages.join("\n")}`),
  ]);
}
