import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Unit tests live beside the code; `e2e/` needs real parts and has its own configuration. */
const config: ViteUserConfig = defineConfig({
  // Examples import the public subpaths; in tests those are the sources, not a build.
  resolve: { conditions: ["setpoint-source"] },
  ssr: { resolve: { conditions: ["setpoint-source"], externalConditions: ["setpoint-source"] } },
  test: {
    include: ["src/**/*.test.ts", "tools/**/*.test.ts", "examples/**/*.test.ts"],
    environment: "node",
    pool: "threads",
    maxWorkers: 2,
    testTimeout: 10_000,
  },
});

// oxlint-disable-next-line import/no-default-export -- vitest reads the default export.
export default config;
