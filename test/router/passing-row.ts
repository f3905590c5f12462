// One exchange that is done directly and through the router, and what may differ.
import type { Asking, Exchanged } from "./passing-exchange.ts";
import type { Answer } from "./passing-upstream.ts";

export interface Row {
  readonly name: string;
  readonly ask?: Asking;
  readonly answer?: Answer;
  /** What a direct connection shows, where it is worth saying. */
  readonly shows?: Partial<Exchanged>;
  /** What the platform makes of it, and nothing that we could help. */
  readonly differs?: {
    readonly why: string;
    readonly reply?: Partial<Exchanged>;
    /** Fields that the region gets besides, or instead of those of the same name. */
    readonly sends?: Exchanged["headers"];
    /** The body that the region gets instead. */
    readonly body?: string;
  };
}
