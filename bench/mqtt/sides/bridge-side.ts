import type { Middle } from '../flows.ts';
import type { Qos } from '../load/bytes.ts';

/** What is between the two ends of the load. */
export interface BridgeOrder {
  readonly port: number;
  readonly qos: Qos;
  readonly middle: Middle;
  /** The load's certificate is of this CA: PEM text, and the file that holds it. Without it the connection is plain. */
  readonly tls?: { readonly ca: string; readonly caFile: string } | undefined;
}

/** Carries messages from `bench/in` to `bench/out`. */
export interface BridgeSide extends AsyncDisposable {
  readonly name: string;
  /** What `node` stands for in the names of figures. */
  readonly pids: readonly number[];
  /** Connects and subscribes; what it was connected to before is over. */
  join(order: BridgeOrder): Promise<void>;
}

/** Why a side is not there. */
export interface Absent {
  readonly name: string;
  readonly absent: string;
}
