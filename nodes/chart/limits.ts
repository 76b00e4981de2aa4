import { type NumberSetting, readNumbers, type ReadNumbers } from '../../src/spec/number-settings.ts';

/** The setting of Node-RED they are changed in; the editor gets it too. */
export const LIMITS_SETTING = 'chartwire-chart';

const limits = {
  /** Longest chart that is read, fetched or written in the tab, in bytes. */
  maxBytes: { usual: 1_048_576, least: 1_024, most: 16_777_216 },
  /** Longest chart in the tab, in lines. */
  maxLines: { usual: 20_000, least: 100, most: 200_000 },
  /** Most boxes drawn as a picture. */
  maxPictureBoxes: { usual: 2_000, least: 0, most: 20_000 },
  /** Time for a chart that is fetched from an address, in ms. */
  fetchWithinMs: { usual: 10_000, least: 100, most: 120_000 },
  /** Pause after the last key before the tab applies a chart by itself, in ms. */
  applyAfterMs: { usual: 1_000, least: 200, most: 60_000 },
} as const satisfies Record<string, NumberSetting>;

/** The limits of charts as they are set. */
export const readLimits = (setting: unknown): ReadNumbers<keyof typeof limits> =>
  readNumbers(LIMITS_SETTING, limits, setting);
