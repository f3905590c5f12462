// Draws a block of lines over and over in the same place of a terminal, below whatever was there, and leaves the terminal
// as it was: the cursor is back however the process ends.

/** The part of a terminal stream that is needed here. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
const CLEAR_BELOW = "\u001b[J";
const CLEAR_REST_OF_LINE = "\u001b[K";

export interface Screen {
  readonly width: number;
  draw(lines: readonly string[]): void;
  /** The last picture stays; the cursor is shown again below it. A second call does nothing. */
  close(): void;
}

const WIDTH_WITHOUT_TERMINAL = 80;
const ROWS_WITHOUT_TERMINAL = 24;

/** A terminal of no size, as containers and CI have, is one whose size nobody knows. */
export function widthOf({ columns = 0 }: Pick<Terminal, "columns">): number {
  return columns > 0 ? columns : WIDTH_WITHOUT_TERMINAL;
}

function rowsOf({ rows = 0 }: Pick<Terminal, "rows">): number {
  return rows > 0 ? rows : ROWS_WITHOUT_TERMINAL;
}

export function openScreen(terminal: Terminal): Screen {
  let drawn = 0;
  let isOpen = true;
  const close = (): void => {
    if (isOpen) terminal.write(SHOW_CURSOR);
    isOpen = false;
    process.off("exit", close);
  };
  process.on("exit", close);
  terminal.write(HIDE_CURSOR);
  return {
    get width() {
      return widthOf(terminal);
    },
    draw(lines) {
      if (!isOpen) return;
      // What does not fit would scroll, and could not be drawn over.
      const fitting = lines.slice(0, Math.max(1, rowsOf(terminal) - 1));
      const up = drawn > 0 ? `\u001b[${drawn}A\r` : "";
      terminal.write(`${up}${fitting.map((line) => `${line}${CLEAR_REST_OF_LINE}\n`).join("")}${CLEAR_BELOW}`);
      drawn = fitting.length;
    },
    close,
  };
}
