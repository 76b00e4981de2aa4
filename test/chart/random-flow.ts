import * as fc from 'fast-check';
import type { FlowNode } from '../../src/chart/index.ts';

const text = fc.oneof(
  fc.constantFrom(
    '',
    'Sensor',
    'end',
    'x',
    '<b>bold</b>',
    'a "quoted" name',
    '%%{init}%%',
    '#35; & &amp;',
    '`code`',
    '---',
    'עברית 😀',
  ),
  fc.string({ maxLength: 12, unit: 'grapheme' }),
);
const lines = fc.oneof(
  text,
  fc.array(text, { maxLength: 4 }).map((all) => all.join('\n')),
  fc.constant('\n  ---\n---\n\treturn msg;\n'),
  fc
    .array(
      fc.constantFrom(
        'const limit = flow.get("limit") ?? 900;',
        '',
        ' ',
        '    ',
        '\t',
        '\tif (msg.payload > limit) {\t',
        '// 50 % \\ "quoted" # no: comment ',
        '\u00a0return [msg, null];\r',
      ),
      { minLength: 3, maxLength: 8 },
    )
    .map((all) => all.join('\n')),
);
const value = fc
  .letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      lines,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'p', 'vt', '__proto__', '1', 'key with space'), tie('any'), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
    ),
  }))
  .any.filter((one) => !Object.is(one, -0));
const settings = fc.dictionary(
  fc.constantFrom(
    'topic',
    'func',
    'outputs',
    'd',
    'info',
    'l',
    'at',
    'outs',
    'as',
    'without',
    '$a',
    'chartId',
    'rules',
    'env2',
    'inputLabels',
    'in',
    'out',
    'status',
    'property',
  ),
  value,
  { maxKeys: 4, noNullPrototype: true },
);
const TYPES = [
  'inject',
  'function',
  'switch',
  'debug',
  'junction',
  'link in',
  'link out',
  'mqtt in',
  'comment',
  'foreign-thing',
  'subflow:f0',
  'chartwire-step',
  'chartwire-choose',
  'constructor',
];

const place = fc.record({ x: fc.integer({ min: 0, max: 5000 }), y: fc.integer({ min: 0, max: 5000 }) });
const nodeDraft = fc.record({
  type: fc.constantFrom(...TYPES),
  name: fc.option(text, { nil: undefined }),
  settings,
  place,
  tab: fc.nat(),
  group: fc.option(fc.nat(), { nil: undefined }),
  wires: fc.array(fc.array(fc.nat(), { maxLength: 3 }), { maxLength: 3 }),
  labels: fc.option(fc.array(text, { maxLength: 3 }), { nil: undefined }),
});
const groupDraft = fc.record({
  tab: fc.nat(),
  parent: fc.option(fc.nat(), { nil: undefined }),
  name: fc.option(text, { nil: undefined }),
  place,
  settings,
});
const configDraft = fc.record({
  type: fc.constantFrom('mqtt-broker', 'tls-config', 'foreign-config'),
  name: text,
  settings,
  tab: fc.option(fc.nat(), { nil: undefined }),
});

/** Flows as Node-RED keeps them: tabs, subflows, groups in groups, configurations, nodes of any type with any settings and wires. */
export const randomFlow: fc.Arbitrary<FlowNode[]> = fc
  .record({
    tabs: fc.array(fc.record({ label: text, settings }), { minLength: 1, maxLength: 3 }),
    subflows: fc.array(fc.record({ name: text, settings }), { maxLength: 2 }),
    groups: fc.array(groupDraft, { maxLength: 3 }),
    nodes: fc.array(nodeDraft, { maxLength: 8 }),
    configs: fc.array(configDraft, { maxLength: 3 }),
    order: fc.infiniteStream(fc.nat()),
    shuffled: fc.boolean(),
  })
  .map(({ tabs, subflows, groups, nodes, configs, order, shuffled }) => {
    const frames = [...tabs.map((_, index) => `tab${index}`), ...subflows.map((_, index) => `f${index}`)];
    const frameOf = (at: number): string => frames[at % frames.length] ?? '';
    const made: FlowNode[] = tabs.map(({ label, settings: own }, index) => ({
      ...own,
      id: `tab${index}`,
      type: 'tab',
      label,
    }));
    made.push(
      ...subflows.map(({ name, settings: own }, index) => ({ ...own, id: `f${index}`, type: 'subflow', name })),
    );
    const members = new Map<number, string[]>(groups.map((_, index) => [index, []]));
    const zOf = (index: number): string => frameOf(groups[index]?.tab ?? 0);
    const within = (group: number | undefined, z: string, id: string, before: number): { g?: string } => {
      if (group === undefined || before === 0) return {};
      const index = group % before;
      if (zOf(index) !== z) return {};
      members.get(index)?.push(id);
      return { g: `group${index}` };
    };
    const drafts = groups.map(({ parent, name, place: { x, y }, settings: own }, index) => {
      const z = zOf(index);
      const base = { ...own, id: `group${index}`, type: 'group', z, ...within(parent, z, `group${index}`, index) };
      return { ...base, ...(name !== undefined && { name }), x, y, w: 100, h: 80 };
    });
    const boxes = nodes.map(({ type, name, settings: own, place: at, tab, group, wires, labels }, index) => {
      const z = frameOf(tab);
      const targets = wires.map((ports) => ports.map((to) => `n${to % (nodes.length + 1)}`));
      const base = { ...own, id: `n${index}`, type, z, ...within(group, z, `n${index}`, groups.length) };
      return {
        ...base,
        ...(name !== undefined && { name }),
        ...(labels && { outputLabels: labels }),
        ...at,
        wires: targets,
      };
    });
    made.push(...drafts.map((draft, index) => ({ ...draft, nodes: members.get(index) ?? [] })), ...boxes);
    made.push(
      ...configs.map(({ type, name, settings: own, tab }, index) => ({
        ...own,
        id: `c${index}`,
        type,
        name,
        ...(tab !== undefined && { z: frameOf(tab) }),
      })),
    );
    if (!shuffled) return made;
    return made
      .map((node) => ({ node, at: Number(order.next().value) }))
      .sort((a, b) => a.at - b.at)
      .map(({ node }) => node);
  });
