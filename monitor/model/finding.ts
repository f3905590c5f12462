// What lint and its kin say, and of which place.

/** A line of a file, as editors count: from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something that lint saw in a zone, a topology or a manifest. */
export interface Finding {
  /** Stable and greppable, such as "KF-UNKNOWN-CLUSTER" or "R53-SELF-REF". */
  readonly id: string;
  readonly severity: "error" | "warning" | "note";
  readonly place: Place;
  /** What it is about: "FederatedDeployment multicloud-demo/multicloud-demo". */
  readonly subject: string;
  /** What goes wrong, in one sentence with the values seen. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** Where the rule comes from. */
  readonly source: string;
  /** Set where the topology waives it; a waived finding fails nothing. */
  readonly waiver: { readonly reason: string; readonly until: string } | null;
}
