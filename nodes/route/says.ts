import { matches } from '../../src/broker/topic.ts';
import { protocolOf } from '../../src/chart/profile/protocol-words.ts';
import { type Operator, type Question, questionsOf } from '../../src/chart/profile/questions.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { figureIn } from './figure-in.ts';
import { difference, type Quantity, quantityOf } from './quantity.ts';

/** What a message says to the words of an output: they fit, they do not, or it says nothing about them. */
export type Says = (message: FlowMessage, value: unknown) => boolean | undefined;

/** Reads the words of all outputs together. */
export function saysOf(words: readonly string[]): Says[] {
  const all: Says[] = [];
  const asked: Says[] = [];
  for (const question of questionsOf(words)) {
    const says = question.kind === 'else' ? otherwise(asked) : sayingTo(question, words);
    if (question.kind !== 'else') asked.push(says);
    all.push(says);
  }
  return all;
}

function otherwise(asked: readonly Says[]): Says {
  return (message, value) => {
    const said = asked.map((says) => says(message, value)).filter((answer) => answer !== undefined);
    return said.length === 0 ? undefined : !said.includes(true);
  };
}

function sayingTo(question: Exclude<Question, { kind: 'else' }>, words: readonly string[]): Says {
  switch (question.kind) {
    case 'answer': {
      const { wanted } = question;
      const yes = new Set<unknown>([true, 1, ...question.yes]);
      const no = new Set<unknown>([false, 0, ...question.no]);
      return (_message, value) => {
        const said = typeof value === 'string' ? value.trim().toLowerCase() : value;
        return yes.has(said) ? wanted : no.has(said) ? !wanted : undefined;
      };
    }
    case 'compare': {
      const { name, operator } = question;
      const limit = quantityOf(question.limit);
      return (_message, value) => compared(figureIn(value, name), limit, OPERATORS[operator]);
    }
    case 'range': {
      const [low, high] = [quantityOf(question.low), quantityOf(question.high)];
      return (_message, value) => {
        const figure = figureIn(value, question.name);
        const [above, below] = [compared(figure, low, (by) => by >= 0), compared(figure, high, (by) => by <= 0)];
        return above === undefined || below === undefined ? undefined : above && below;
      };
    }
    case 'topic':
      return ({ topic }) =>
        typeof topic === 'string' && topic.includes('/') ? matches(question.filter, topic) : undefined;
    case 'protocol':
      return ({ protocol, route }) => {
        const named = typeof protocol === 'string' ? (protocolOf(protocol) ?? protocol) : undefined;
        if (named !== undefined) return named === question.protocol;
        return route === undefined ? undefined : route === question.label;
      };
    case 'word': {
      const known = new Set(words.map(plain));
      const wanted = plain(question.label);
      return ({ route }, value) => {
        if (route !== undefined) return route === question.label;
        return typeof value === 'string' && known.has(plain(value)) ? plain(value) === wanted : undefined;
      };
    }
  }
}

const plain = (text: string): string => text.trim().toLowerCase();

const OPERATORS: Readonly<Record<Operator, (by: number) => boolean>> = {
  '<': (by) => by < 0,
  '<=': (by) => by <= 0,
  '>': (by) => by > 0,
  '>=': (by) => by >= 0,
  '=': (by) => by === 0,
  '!=': (by) => by !== 0,
};

/** Nothing when one of them is no figure, or they measure different things. */
function compared(
  figure: Quantity | undefined,
  limit: Quantity | undefined,
  fits: (by: number) => boolean,
): boolean | undefined {
  const by = figure && limit && difference(figure, limit);
  return by === undefined || Number.isNaN(by) ? undefined : fits(by);
}
