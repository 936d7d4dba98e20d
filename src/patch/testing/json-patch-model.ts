/**
 * RFC 6902 with upstream's liberties (absent fields are null to tests and copies and may be
 * replaced), done the simple way: for one operation at a time, on a copy of everything.
 */

export type ModelOperation = {
  readonly op: "add" | "replace" | "test" | "remove" | "move" | "copy";
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
};

type Holder = { root: unknown };

/** The document afterwards; undefined if the operation is refused. */
export function modelPatch(
  document: unknown,
  operation: ModelOperation,
): { readonly value: unknown } | undefined {
  const holder: Holder = { root: JSON.parse(JSON.stringify(document)) };
  const { op, path, from = "" } = operation;
  const isDone = ((): boolean => {
    switch (op) {
      case "add":
        return add(holder, path, copyOf(operation.value));
      case "replace":
        return (
          (find(holder, path) ?? absentField(holder, path)) !== undefined &&
          set(holder, path, copyOf(operation.value))
        );
      case "test": {
        const found = find(holder, path) ?? absentField(holder, path);
        return found !== undefined && canonical(found.value) === canonical(operation.value);
      }
      case "remove":
        return remove(holder, path);
      case "copy": {
        const found = from === "" ? undefined : (find(holder, from) ?? absentField(holder, from));
        return found !== undefined && add(holder, path, copyOf(found.value));
      }
      case "move": {
        const found = find(holder, from);
        return found !== undefined && remove(holder, from) && add(holder, path, found.value);
      }
    }
  })();
  return isDone ? { value: holder.root } : undefined;
}

function copyOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Text that is equal exactly for equal values. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, each]) => `${key}:${canonical(each)}`);
  return `{${fields.sort().join(",")}}`;
}

function stepsOf(path: string): readonly string[] {
  return path.split("/").slice(1);
}

function find(holder: Holder, path: string): { readonly value: unknown } | undefined {
  let value = holder.root;
  for (const step of stepsOf(path)) {
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value) && !/^[01]$/.test(step)) return undefined;
    if (!Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return { value };
}

/** Null for a field that an object could have. */
function absentField(holder: Holder, path: string): { readonly value: null } | undefined {
  const { parent } = parentOf(holder, path);
  return path === "" || Array.isArray(parent) ? undefined : { value: null };
}

function parentOf(
  holder: Holder,
  path: string,
): { readonly parent: object; readonly last: string } {
  const steps = stepsOf(path);
  const parent = find(
    holder,
    steps
      .slice(0, -1)
      .map((step) => `/${step}`)
      .join(""),
  )?.value;
  const isContainer = typeof parent === "object" && parent !== null;
  return { parent: isContainer ? parent : Object.freeze([]), last: steps.at(-1) ?? "" };
}

function add(holder: Holder, path: string, value: unknown): boolean {
  if (path === "") return false;
  const { parent, last } = parentOf(holder, path);
  if (Object.isFrozen(parent)) return false;
  if (!Array.isArray(parent)) return set(holder, path, value);
  const index = last === "-" ? parent.length : Number(last);
  if (!(index <= parent.length) || !/^[-01]$/.test(last)) return false;
  parent.splice(index, 0, value);
  return true;
}

function set(holder: Holder, path: string, value: unknown): boolean {
  if (path === "") {
    holder.root = value;
    return true;
  }
  const { parent, last } = parentOf(holder, path);
  const all = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(parent, last, all);
  return true;
}

function remove(holder: Holder, path: string): boolean {
  if (path === "" || find(holder, path) === undefined) return false;
  const { parent, last } = parentOf(holder, path);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else Reflect.deleteProperty(parent, last);
  return true;
}
