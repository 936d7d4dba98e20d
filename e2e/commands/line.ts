/** What a row of the tables says: a command line, and how it has to end. */

/** Text: the whole output, but for blanks at its end. Expressions: each is found in it. */
export type Expected = string | RegExp | readonly RegExp[];

export type Line = {
  /** Run by `sh` in the folder of its group, where its namespace is the current one (`$NS`). */
  readonly run: string;
  /** What the command reads. */
  readonly input?: string;
  /** The exit code; 0 if not given. */
  readonly code?: number;
  /** Standard output; not looked at if not given. */
  readonly says?: Expected;
  /** Standard error; nothing may be there if not given. */
  readonly warns?: Expected;
  /** Repeated until it comes out so: for what others bring about. */
  readonly until?: true;
  /** The first minor version of kubectl that prints it so. */
  readonly since?: number;
};

/** Lines that build on each other. Groups know nothing of each other, and run at once. */
export type Group = {
  /** Also the name of its namespace. */
  readonly name: string;
  /** Files of its folder, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly lines: readonly Line[];
};
