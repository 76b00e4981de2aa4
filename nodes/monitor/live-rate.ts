import { type NumberSetting, readNumbers, type ReadNumbers } from '../../src/spec/number-settings.ts';

/** The setting of Node-RED in which the rate is changed; the editor gets it too. */
export const LIVE_SETTING = 'chartwire-live';

const rate = {
  /** How often figures are taken and shown, in ms. */
  everyMs: { usual: 1_000, least: 1_000, most: 60_000 },
  /** Nobody has asked for so long: it stops looking, in ms. */
  idleAfterMs: { usual: 5_000, least: 2_000, most: 600_000 },
} as const satisfies Record<string, NumberSetting>;

/** How often the live figures are taken. */
export const readRate = (setting: unknown): ReadNumbers<keyof typeof rate> => readNumbers(LIVE_SETTING, rate, setting);
