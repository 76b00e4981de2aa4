import type { ProtocolName, Traits } from '../endpoint/traits.ts';
import type { MeterReading } from '../metrics/meter.ts';

/** One way a message can take: an output of the choose node. */
export interface Branch {
  /** As on the chart: `MQTT`. Unlike every other branch's. */
  readonly label: string;
  readonly protocol: ProtocolName;
  readonly traits: Traits;
  /** Figures of the branch's link; absent as long as nothing is known, then it counts as up. */
  readonly reading?: MeterReading;
}
