/** One line of a benchmark: our side against another, both measured in the same run, in turns. */
export interface CaseResult {
  readonly case: string;
  /** Figures in `unit`. */
  readonly ours: number;
  readonly peer: number;
  /** What we are compared with, and its version. */
  readonly peerName: string;
  readonly unit: string;
  /**
   * Above 1 we are better: ours to theirs where more is better, theirs to ours where less is (time, memory). The median of
   * all rounds.
   */
  readonly ratio: number;
  /** The middle half of the ratios of all rounds lies between these. */
  readonly spread?: readonly [number, number];
  /** Their CPU time per message to ours, the median of all rounds; above 1 we need less. NaN where no time is counted. */
  readonly cpuRatio: number;
  /** Least `ratio` we hold ourselves to. */
  readonly goal: number;
  readonly met: boolean;
  readonly detail?: CaseDetail;
}

/** More about a case whose messages were counted one by one. */
export interface CaseDetail {
  /** Processor time of each message, in us. */
  readonly oursCpuUs: number;
  readonly peerCpuUs: number;
  /** Time on the way, in us: the median, and what 99 of 100 stay below. */
  readonly oursP50Us: number;
  readonly peerP50Us: number;
  readonly oursP99Us: number;
  readonly peerP99Us: number;
}

/** A case that could not be measured here, and why: something is not installed, or a side did not deliver. */
export interface CaseSkipped {
  readonly case: string;
  readonly peerName: string;
  readonly skipped: string;
}

export type CaseLine = CaseResult | CaseSkipped;

export interface Bench {
  readonly about: string;
  /** Names of its parts, when it can be asked for one. */
  readonly parts?: readonly string[];
  /** Gives each case as it is done. `quick` ends within 50 s on two cores. */
  run(options: { quick: boolean; part?: string }): AsyncIterable<CaseLine>;
}
