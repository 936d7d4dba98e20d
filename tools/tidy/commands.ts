/** The commands of `setpoint` that documents show, held against those there are. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Command, type Option } from "commander";
import { blocksOf } from "./snippets.ts";
import { readText, ROOT } from "./sources.ts";

/** A command as it is written somewhere, without `setpoint` itself. */
export type ShownCommand = {
  readonly words: readonly string[];
  /** Of the document (1-based). */
  readonly line: number;
  /** Whether all of its arguments are shown: in prose they often are not. */
  readonly isWhole: boolean;
};

const PROGRAMS = "src/cli/programs";

/** The program as the command line makes it: all commands and flags, and nothing behind them. */
export async function programOfSources(): Promise<Command> {
  const main = readText("src/cli/main.ts");
  const program = new Command("setpoint");
  for (const [, flags = ""] of main.matchAll(/\.option\(\s*"([^"]+)"/g)) program.option(flags);
  for (const file of readdirSync(join(ROOT, PROGRAMS))) {
    if (file.endsWith(".test.ts")) continue;
    const module: unknown = await import(join(ROOT, PROGRAMS, file));
    for (const [name, add] of Object.entries(Object(module))) {
      if (!main.includes(`${name}(program, deps)`) || typeof add !== "function") continue;
      Reflect.apply(add, undefined, [program, {}]);
    }
  }
  return program;
}

const SHELLS = ["sh", "bash", "console", "shell"];
const CALL =
  /(?:^|[;(|]|&&|\$)\s*(?:[A-Z_]+=\S+ )*(?:npx )?(?:npm run -s setpoint --|setpoint) +([^|;&)]*)/g;

/** All commands of a document: in blocks for the shell, and between backticks. */
export function shownCommands(text: string): readonly ShownCommand[] {
  const whole = blocksOf(text).flatMap(({ code, line, language }) =>
    // Joined lines leave empty ones behind, so that the others keep their numbers.
    code
      .replace(/\\\n\s*([^\n]*)/g, "$1\n")
      .split("\n")
      // Where not all is for a shell, what is typed stands behind its prompt.
      .map((each) => (SHELLS.includes(language) || each.startsWith("$ ") ? each : ""))
      .flatMap((each, index) => callsIn(each.replace(/(^|\s)#.*$/, ""), line + index, true)),
  );
  const prose = text.replace(/^ *```[^]*?^ *```$/gm, (block) => block.replace(/[^\n]/g, ""));
  const inline = [...prose.matchAll(/`([^`]+)`/g)].flatMap((match) => {
    const line = prose.slice(0, match.index).split("\n").length;
    return callsIn((match[1] ?? "").replace(/\s+/g, " "), line, false);
  });
  return [...whole, ...inline];
}

function callsIn(text: string, line: number, isWhole: boolean): readonly ShownCommand[] {
  // `generate crds|rbac` shows two commands.
  const either = /^(.*? )((?:[a-z-]+\|)+[a-z-]+)(.*)$/.exec(text);
  if (either !== null) {
    const [, before = "", words = "", after = ""] = either;
    return words.split("|").flatMap((word) => callsIn(before + word + after, line, isWhole));
  }
  return [...text.matchAll(CALL)].map(([, rest = ""]) => ({
    words: rest.match(/"[^"]*"|'[^']*'|\S+/g) ?? [],
    line,
    isWhole,
  }));
}

/** Why nobody can run that; empty: one can. */
export function commandProblem(program: Command, shown: ShownCommand): string {
  let command = program;
  const words = [...shown.words];
  let given = 0;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") break;
    if (word.startsWith("-")) {
      const flag = word.replace(/=.*$/, "");
      const option = optionOf(command, flag);
      if (option === "help") continue;
      if (option === undefined) return `${command.name()} has no ${flag}`;
      if (option.required && flag === word) words.shift();
      continue;
    }
    const sub = command.commands.find((each) => each.name() === word);
    if (sub !== undefined) {
      command = sub;
      continue;
    }
    if (command.registeredArguments.length === 0) return `${command.name()} has no ${word}`;
    given += 1;
  }
  const { registeredArguments: wanted } = command;
  const isOpen = wanted.at(-1)?.variadic === true;
  if (given > wanted.length && !isOpen) return `${command.name()} takes ${wanted.length} words`;
  const needed = wanted.filter(({ required }) => required).length;
  return shown.isWhole && given < needed ? `${command.name()} needs ${needed} words` : "";
}

function optionOf(command: Command, flag: string): Option | "help" | undefined {
  if (flag === "--help" || flag === "-h") return "help";
  for (let at: Command | null = command; at !== null; at = at.parent) {
    const found = at.options.find(({ short, long }) => short === flag || long === flag);
    if (found !== undefined) return found;
  }
  return undefined;
}
