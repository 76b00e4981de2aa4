import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { choice, text } from '../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-deploy',
  version: 1,
  category: 'chartwire',
  label: 'deploy',
  summary: 'Seals this chart, or a group of it, as a signed release and sends it to the edge hosts.',
  color: colors.deploy,
  inputs: 1,
  outputs: 1,
  outputLabels: ['messages and outcomes'],
  button: { label: 'Ship a release now' },
  fields: {
    part: choice({
      label: 'Release',
      hint: 'What goes to the edge hosts.',
      default: 'tab',
      options: { tab: 'The whole tab', group: 'One group of it', hosts: 'Each group marked for an edge host' },
    }),
    group: text({ label: 'Group', hint: 'Name of the group, when only that goes out.', default: '' }),
    hosts: text({
      label: 'Edge hosts',
      hint: 'Ids separated by commas; empty means all that have joined. Marked groups go to their own hosts only.',
      default: '',
    }),
    when: choice({
      label: 'Ship',
      hint: 'By the button (or a message with action "ship"), or also each time this flow is deployed.',
      default: 'request',
      options: { request: 'When asked', start: 'At every deploy' },
    }),
  },
  migrations: [],
});
