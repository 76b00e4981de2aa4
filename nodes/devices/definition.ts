import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { number } from '../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-devices',
  version: 1,
  category: 'chartwire',
  label: 'devices',
  summary: 'Simulated devices that send readings: each has its own link, capabilities and latency need.',
  color: colors.devices,
  inputs: 0,
  outputs: 1,
  outputLabels: ['readings'],
  button: { label: 'Send one reading now' },
  fields: {
    count: number({
      label: 'Devices',
      hint: 'How many there are: sensors on batteries, meters and machines, in turn.',
      default: 12,
      min: 1,
      max: 10_000,
      unit: 'devices',
    }),
    rate: number({
      label: 'Readings',
      hint: 'How many readings all of them together send each second. 0 sends only at the press of the button.',
      default: 6,
      min: 0,
      max: 10_000,
      unit: 'per second',
      integer: false,
    }),
    seed: number({
      label: 'Seed',
      hint: 'The same seed gives the same devices and readings, so that a run can be repeated.',
      default: 1,
      min: 0,
      max: 4_294_967_295,
      unit: '',
    }),
  },
  migrations: [],
});
