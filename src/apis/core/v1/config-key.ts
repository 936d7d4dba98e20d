/** Keys of config maps and secrets, which become file names. */

const KEY = /^[-._a-zA-Z0-9]+$/;
const KEY_LENGTH_MAX = 253;

const KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
  "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', " +
  "regex used for validation is '[-._a-zA-Z0-9]+')";

/** What is wrong with a key; undefined if nothing, several things between semicolons. */
export function configKeyProblem(key: string): string | undefined {
  const tooLong = `must be no more than ${KEY_LENGTH_MAX} characters`;
  const problems = [
    ...(key.length > KEY_LENGTH_MAX ? [tooLong] : []),
    ...(KEY.test(key) ? [] : [KEY_RULE]),
    ...dotProblems(key),
  ];
  return problems.length === 0 ? undefined : problems.join("; ");
}

function dotProblems(key: string): readonly string[] {
  if (key === ".") return ["must not be '.'"];
  if (key === "..") return ["must not be '..'"];
  return key.startsWith("..") ? ["must not start with '..'"] : [];
}

/** What the values of one config map or secret may weigh together. */
export const CONFIG_BYTES_MAX = 1_048_576;

/** What is said to who changes what was sealed. */
export const SEALED = "field is immutable when `immutable` is set";

/** How many bytes a base64 text stands for. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((text.length * 3) / 4) - padding);
}
