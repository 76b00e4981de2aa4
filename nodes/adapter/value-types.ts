/** The kinds of value a rule may hold, by the names the core nodes store, and how the editor calls them. */
export const VALUE_TYPES = {
  str: 'text',
  num: 'number',
  bool: 'true or false',
  json: 'JSON',
  bin: 'bytes, as JSON',
  msg: 'msg.',
  flow: 'flow.',
  global: 'global.',
  jsonata: 'JSONata',
  env: 'environment',
  date: 'time now',
} as const;

export type ValueType = keyof typeof VALUE_TYPES;
