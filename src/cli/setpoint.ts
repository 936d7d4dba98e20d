#!/usr/bin/env node
/**
 * What an installed `setpoint` begins with: looks at its Node before anything is loaded that needs
 * a newer one, so that an old one is named instead of what it lacks.
 */
const NEEDED = [22, 22, 2] as const;

const found = process.versions.node.split(".").map(Number);

if (isOlder(found, NEEDED)) {
  const version = NEEDED.join(".");
  process.stderr.write(
    `error: setpoint needs Node ${version} or newer, and this is ${process.version}\n` +
      `  (a newer one for this project alone: npm install --save-dev node@24, then npx setpoint)\n`,
  );
  process.exitCode = 1;
} else {
  await import("./main.ts");
}

function isOlder(version: readonly number[], needed: readonly number[]): boolean {
  for (const [place, part] of needed.entries()) {
    const own = version[place] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
}
