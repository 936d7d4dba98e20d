/**
 * The compiler, asked about a few files only: it looks at no more of what they import than it must,
 * which takes a tenth of the time of compiling all of it.
 */
import { readFileSync } from "node:fs";
import { API } from "typescript/unstable/sync";

export type CompileError = {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
};

/** What is wrong with the files; they belong to the project of that `tsconfig.json`. */
export function compileErrors(config: string, paths: readonly string[]): readonly CompileError[] {
  const compiler = new API();
  try {
    const project = compiler.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (project === undefined) throw new Error(`${config} is no project`);
    const { program } = project;
    const refusals = program.getConfigFileParsingDiagnostics();
    if (refusals.length > 0) throw new Error(refusals.map(({ text }) => text).join("\n"));
    return paths.flatMap((path) => {
      const text = readFileSync(path, "utf8");
      const syntax = program.getSyntacticDiagnostics(path);
      const found = syntax.length > 0 ? syntax : program.getSemanticDiagnostics(path);
      return found.map(({ pos, code, text: message }) => ({
        path,
        line: text.slice(0, pos).split("\n").length,
        message: `${message} (TS${code})`,
      }));
    });
  } finally {
    compiler.close();
  }
}
