import { nodeType } from '../adapter/node-type.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { definition } from './definition.ts';
import { propertyReader, ruleOf, type Fits } from './rule.ts';

/** Fits when no rule since the one before of its kind did, as in the core node. */
interface Otherwise {
  readonly since: number;
}

export default nodeType(definition, ({ RED, node, settings, send, sendTo }) => {
  const read = propertyReader(RED, node, settings.property, settings.propertyType);
  let since = 0;
  const rules = settings.rules.map((rule, output): Fits | Otherwise => {
    if (rule.t !== 'else') return ruleOf(RED, node, rule);
    const otherwise = { since };
    since = output;
    return otherwise;
  });
  const firstOnly = settings.checkall === 'false';
  let before: unknown = null;

  return {
    input(message) {
      const value = read(message);
      if (value instanceof Promise) return value.then((known) => run(message, known, 0, []));
      return run(message, value, 0, []);
    },
  };

  function run(message: FlowMessage, value: unknown, first: number, fitting: number[]): void | Promise<void> {
    for (let output = first; output < rules.length; output += 1) {
      const rule = rules[output];
      if (rule === undefined) continue;
      const fits =
        typeof rule === 'function' ? rule(message, value, before) : !fitting.some((other) => other >= rule.since);
      if (fits instanceof Promise)
        return fits.then((known) => {
          if (known) fitting.push(output);
          return known && firstOnly ? finish(message, value, fitting) : run(message, value, output + 1, fitting);
        });
      if (fits) {
        fitting.push(output);
        if (firstOnly) break;
      }
    }
    finish(message, value, fitting);
  }

  function finish(message: FlowMessage, value: unknown, fitting: readonly number[]): void {
    before = value;
    const [only] = fitting;
    if (only === undefined) return;
    if (fitting.length === 1) sendTo(only, message);
    else send(rules.map((_, output) => (fitting.includes(output) ? message : null)));
  }
});
