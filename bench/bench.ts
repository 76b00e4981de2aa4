/** One line of a benchmark: our side against another, both measured in the same run, in turns. */
export interface CaseResult {
  readonly case: string;
  /** Figures in `unit`. */
  readonly ours: number;
  readonly peer: number;
  /** What we are compared with, and its version. */
  readonly peerName: string;
  readonly unit: string;
  /** Ours to theirs, the median of all rounds; above 1 we do more in the same time. */
  readonly ratio: number;
  /** Their CPU time per message to ours, the median of all rounds; above 1 we need less. */
  readonly cpuRatio: number;
  /** Least `ratio` we hold ourselves to. */
  readonly goal: number;
  readonly met: boolean;
}

export interface Bench {
  readonly about: string;
  /** Gives each case as it is done. `quick` ends within 50 s on two cores. */
  run(options: { quick: boolean }): AsyncIterable<CaseResult>;
}
