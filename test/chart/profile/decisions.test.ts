import assert from 'node:assert/strict';
import jsonata from 'jsonata';
import { parseChart } from '../../../src/chart/parse/parse-chart.ts';
import { decisionOf } from '../../../src/chart/profile/decisions.ts';
import { graphOf } from '../../../src/chart/profile/graph.ts';

/** The labels of the outputs a message goes to. */
async function ways(labels: readonly string[], message: object): Promise<string[]> {
  const text = `graph TD\n${labels.map((label, at) => `A{Which way?} -->${label === '' ? '' : `|"${label}"|`} B${at}`).join('\n')}`;
  const decision = decisionOf(graphOf(parseChart(text).model), 'A');
  const taken: string[] = [];
  for (const { label, v } of decision?.rules ?? assert.fail('nothing is decided')) {
    if ((await jsonata(v).evaluate(message)) === true) taken.push(label);
  }
  return taken;
}

const CASES: readonly (readonly [labels: string[], message: object, taken: string[]])[] = [
  [['yes', 'no'], { payload: true }, ['yes']],
  [['yes', 'no'], { payload: 'No' }, ['no']],
  [['ja', 'nein'], { payload: false }, ['nein']],
  [['да', 'нет'], { payload: 1 }, ['да']],
  [['是', '否'], { payload: 0 }, ['否']],
  [['ok', 'failed', 'else'], { payload: 'ok' }, ['ok']],
  [['> 25.5 °C', '<= 25.5 °C'], { payload: 26 }, ['> 25.5 °C']],
  [['CO2 > 900 ppm', 'else'], { payload: { CO2: 950 } }, ['CO2 > 900 ppm']],
  [['CO2 > 900 ppm', 'else'], { payload: { CO2: 450 } }, ['else']],
  [['0-10', '11-20', 'otherwise'], { payload: 15 }, ['11-20']],
  [['0-10', '11-20', 'otherwise'], { payload: 99 }, ['otherwise']],
  [['down/commands', 'up/+/data', ''], { topic: 'up/7/data' }, ['up/+/data']],
  [['down/commands', 'up/#', ''], { topic: 'elsewhere/x' }, ['']],
  [['Yes', 'No/Timeout'], { payload: 'no' }, ['No/Timeout']],
  [['north', 'south'], { route: 'south' }, ['south']],
];

describe('a decision', () => {
  for (const [labels, message, taken] of CASES) {
    it(`between ${labels.join(', ')} sends ${JSON.stringify(message)} to ${taken.join()}`, async () => {
      assert.deepEqual(await ways(labels, message), taken);
    });
  }

  it('sends a message that says nothing about the question every way', async () => {
    for (const [labels] of CASES) {
      assert.deepEqual(await ways(labels, { payload: 'test message from Start', topic: 'Start' }), labels);
    }
  });
});
