import { configDefaults, defineConfig, type ViteUserConfig } from "vitest/config";

/**
 * Tests that start real processes hand file descriptors to sockets. In a worker thread Node keeps a
 * list of open descriptors and closes what is left on it when the thread ends, by then perhaps
 * somebody else's: so these run in processes of their own.
 */
const PROCESS_TESTS = ["src/node-agent/runtime/process/**/*.test.ts"];

/** Unit tests live beside the code; `e2e/` needs real parts and has its own configuration. */
const config: ViteUserConfig = defineConfig({
  // Examples import the public subpaths; in tests those are the sources, not a build.
  resolve: { conditions: ["setpoint-source"] },
  ssr: { resolve: { conditions: ["setpoint-source"], externalConditions: ["setpoint-source"] } },
  test: {
    environment: "node",
    maxWorkers: 2,
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          pool: "threads",
          include: ["src/**/*.test.ts", "tools/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...PROCESS_TESTS],
        },
      },
      { extends: true, test: { name: "processes", pool: "forks", include: PROCESS_TESTS } },
    ],
  },
});

// oxlint-disable-next-line import/no-default-export -- vitest reads the default export.
export default config;
