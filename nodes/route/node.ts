import { andThen, type Later } from '../adapter/later.ts';
import { nodeType } from '../adapter/node-type.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { nextMessageId } from '../adapter/message-id.ts';
import { definition } from './definition.ts';
import { propertyReader, ruleOf, type Fits, type StoredRule } from './rule.ts';
import { saysOf } from './says.ts';
import { partsOf, renumbered, Sequences } from './sequences.ts';

/** Fits when no rule since the one before of its kind did, as in the core node. */
interface Otherwise {
  readonly since: number;
}

export default nodeType(definition, ({ RED, node, settings, send, sendTo }) => {
  const read = propertyReader(RED, node, settings.property, settings.propertyType);
  let since = 0;
  // What the words of one output mean depends on those of the others.
  const spoken = settings.rules.filter(({ t }) => t === 'says');
  const says = saysOf(spoken.map(({ v }: StoredRule) => String(v ?? '')));
  const rules = settings.rules.map((rule, output): Fits | Otherwise => {
    const said = says[spoken.indexOf(rule)];
    // Without an answer a message goes every way.
    if (said !== undefined) return (message, value) => said(message, value) ?? true;
    if (rule.t !== 'else') return ruleOf(RED, node, rule);
    const otherwise = { since };
    since = output;
    return otherwise;
  });
  const firstOnly = settings.checkall === 'false';
  const { repair } = settings;
  /** The length of a sequence is known with its last message. */
  const gathers = repair || settings.rules.some(({ t }) => t === 'tail');
  const sequences = new Sequences(settings.maxHeld);
  let before: unknown = null;
  let busy: Promise<void> | undefined;

  return {
    input(message) {
      if (busy === undefined && !gathers) return inOrder(route(message));
      return inOrder(busy === undefined ? take(message) : busy.then(() => take(message)));
    },
    close: () => sequences.clear(),
  };

  /** While one message waits for its answers the next do too. */
  function inOrder(later: Later<void>): Later<void> {
    if (!(later instanceof Promise)) return;
    const settled: Promise<void> = later.then(over, over);
    function over(): void {
      if (busy === settled) busy = undefined;
    }
    busy = settled;
    return later;
  }

  function take(message: FlowMessage): Later<void> {
    const parts = gathers ? partsOf(message) : undefined;
    return parts === undefined ? route(message) : drain(sequences.arrive(message, parts), 0);
  }

  function drain(messages: readonly FlowMessage[], first: number): Later<void> {
    for (let index = first; index < messages.length; index += 1) {
      const later = route(messages[index]!);
      if (later instanceof Promise) return later.then(() => drain(messages, index + 1));
    }
  }

  function route(message: FlowMessage): Later<void> {
    return andThen(read(message), (value) => run(message, value, 0, []));
  }

  function run(message: FlowMessage, value: unknown, first: number, fitting: number[]): Later<void> {
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
    const parts = repair ? partsOf(message) : undefined;
    if (parts !== undefined) {
      const copy = (one: FlowMessage): FlowMessage => RED.util.cloneMessage(one as never) as FlowMessage;
      for (const onward of renumbered(sequences.leave(onwardOf(message, fitting), parts), copy, nextMessageId)) {
        send([...onward]);
      }
      return;
    }
    const [only] = fitting;
    if (only === undefined) return;
    if (fitting.length === 1) sendTo(only, message);
    else send(onwardOf(message, fitting));
  }

  function onwardOf(message: FlowMessage, fitting: readonly number[]): (FlowMessage | null)[] {
    return rules.map((_, output) => (fitting.includes(output) ? message : null));
  }
});
