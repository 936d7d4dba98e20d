/** Command lines of real clients, with what they print and how they end. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { SetpointProcess, WEB_IMAGES } from "../setpoint-process.ts";
import { HELM, KUBECTLS } from "./clients.ts";
import type { Group } from "./line.ts";
import { APPLY } from "./tables/apply.ts";
import { CREATE } from "./tables/create.ts";
import { CUSTOM } from "./tables/custom.ts";
import { GET } from "./tables/get.ts";
import { HELM_LINES } from "./tables/helm.ts";
import { WORK } from "./tables/work.ts";
import { Workplace } from "./workplace.ts";

const GROUPS: readonly Group[] = [...WORK, ...CREATE, ...APPLY, ...GET, ...CUSTOM];

describe.skipIf(KUBECTLS.length > 0)("no kubectl here", () => {
  test.skip("command lines are run with a kubectl on PATH, or those in SETPOINT_KUBECTLS");
});

describe.skipIf(HELM !== undefined)("no helm here", () => {
  test.skip("command lines of helm are run with a helm on PATH");
});

describe.each(KUBECTLS)("kubectl 1.$minor", ({ folder, minor }) => {
  // One version of helm needs to be seen once.
  const withHelm = HELM !== undefined && folder === KUBECTLS[0]?.folder;
  let plane: SetpointProcess;

  beforeAll(async () => {
    const args = ["--nodes", "1", "--image-dir", WEB_IMAGES];
    plane = await SetpointProcess.start({ args, expected: /Ctrl-C stops everything/ });
  });
  afterAll(() => plane.dispose());

  describe.concurrent.each(withHelm ? [...HELM_LINES, ...GROUPS] : GROUPS)("$name", (group) => {
    let place: Workplace;

    beforeAll(async () => {
      place = await Workplace.of(plane, group, [folder, HELM ?? folder]);
    });
    afterAll(() => place.dispose());

    for (const line of group.lines) {
      test.skipIf(minor < (line.since ?? 0))(line.run, { concurrent: false }, () =>
        place.holds(line),
      );
    }
  });
});
