import { defineConfig, type ViteUserConfig } from "vitest/config";

/**
 * Real parts: kubectl, several processes, kill -9, the disk. One file at a time, because each of
 * them wants the machine for itself.
 */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["e2e/**/*.test.ts"],
    environment: "node",
    pool: "forks",
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});

// oxlint-disable-next-line import/no-default-export -- vitest reads the default export.
export default config;
