import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Besides tests, the simulation that fails: see README.md. */
const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ["setpoint-source"] },
  ssr: { resolve: { conditions: ["setpoint-source"], externalConditions: ["setpoint-source"] } },
  test: { include: ["*-simulation.ts", "*.test.ts"] },
});

// oxlint-disable-next-line import/no-default-export -- vitest reads the default export.
export default config;
