import type { Node, NodeAPI } from 'node-red';
import { contextPlace } from '../adapter/context-store.ts';
import { andThen, type Later } from '../adapter/later.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { nowhere, propertyOf } from '../adapter/property.ts';
import { typedValue, type ReadValue } from '../adapter/typed-value.ts';
import type { ValueType } from '../adapter/value-types.ts';
import { replacer } from './replace.ts';

/** One rule, as it stands in the flow; the names are those of the core node change. */
export interface StoredRule {
  readonly t: string;
  readonly pt?: string;
  readonly p: string;
  readonly fromt?: string;
  readonly from?: string | number | boolean;
  readonly tot?: string;
  readonly to?: string | number | boolean;
  /** Deep copy. */
  readonly dc?: string | boolean;
}

/** Does its part to a message. */
export type Step = (message: FlowMessage) => Later<void>;

/** Somewhere a value can stand. */
interface Place {
  readonly read: (message: FlowMessage) => Later<unknown>;
  readonly write: (message: FlowMessage, value: unknown) => Later<void>;
}

/** Prepares a rule. Throws SETTINGS_INVALID. */
export function stepOf(RED: NodeAPI, node: Node, rule: StoredRule): Step {
  const target = placeOf(RED, node, rule.pt || 'msg', rule.p);
  const tot = rule.tot || '';
  const to = String(rule.to ?? '');
  switch (rule.t) {
    case 'delete':
      return (message) => target.write(message, undefined);
    case 'move':
      return move(target, placeOf(RED, node, tot === 'flow' || tot === 'global' ? tot : 'msg', to));
    case 'change': {
      const replace = replacer(RED, node, rule);
      const read = typedValue(RED, node, to, (tot || 'str') as ValueType);
      return (message) =>
        andThen(present(read, message), (value) =>
          andThen(target.read(message), (current) =>
            andThen(replace(message, current, value), (next) => {
              if (next !== current) return target.write(message, next);
            }),
          ),
        );
    }
    default:
      return set(RED, target, rule, typedValue(RED, node, to, (tot || 'str') as ValueType));
  }
}

function set(RED: NodeAPI, target: Place, { dc }: StoredRule, read: ReadValue): Step {
  const copies = dc === true || dc === 'true';
  return (message) =>
    andThen(read(message), (value) => {
      // As in the core node: what stands nowhere changes nothing; what is just not there takes the property away.
      if (value === nowhere) return;
      return target.write(message, copies ? RED.util.cloneMessage(value as never) : value);
    });
}

function move(from: Place, to: Place): Step {
  return (message) =>
    andThen(from.read(message), (value) => {
      if (value === nowhere) return;
      // First away: the new place may lie in the old one, or the old one in the new.
      return andThen(from.write(message, undefined), () => to.write(message, value));
    });
}

function present(read: ReadValue, message: FlowMessage): Later<unknown> {
  return andThen(read(message), (value) => (value === nowhere ? undefined : value));
}

function placeOf(RED: NodeAPI, node: Node, type: string, name: string): Place {
  if (type === 'flow' || type === 'global') return contextPlace(RED, node, type, name);
  const property = propertyOf(RED, name);
  return {
    read: property.read,
    write: (message, value) => {
      const written = property.write(message, value);
      if (!written && value !== undefined) node.warn(`${name} cannot be set: what it stands in is no object`);
    },
  };
}
