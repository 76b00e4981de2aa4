import assert from 'node:assert/strict';
import type { FlowMessage } from '../../../nodes/adapter/message.ts';
import { saysOf } from '../../../nodes/route/says.ts';
import { parseChart } from '../../../src/chart/parse/parse-chart.ts';
import { decisionOf, waysOut } from '../../../src/chart/profile/decisions.ts';
import { graphOf } from '../../../src/chart/profile/graph.ts';

/** The labels of the outputs a message goes to. */
function ways(labels: readonly string[], message: FlowMessage): string[] {
  const text = `graph TD\n${labels.map((label, at) => `A{Which way?} -->${label === '' ? '' : `|"${label}"|`} B${at}`).join('\n')}`;
  const decision = decisionOf(waysOut(graphOf(parseChart(text).model), 'A', undefined));
  const { rules } = decision ?? assert.fail('nothing is decided');
  const says = saysOf(rules.map(({ v }) => v));
  const value = 'payload' in message ? message.payload : undefined;
  return rules.flatMap(({ label }, index) => (says[index]?.(message, value) === false ? [] : [label]));
}

const CASES: readonly (readonly [labels: string[], message: FlowMessage, taken: string[]])[] = [
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
  [['north', 'south'], { payload: 'North' }, ['north']],
  [['> 5 °C', 'else'], { payload: '50 °F' }, ['> 5 °C']],
  [['> 5 °C', 'else'], { payload: '40 °F' }, ['else']],
  [['>= 1.5 kW', 'else'], { payload: { value: 1500, unit: 'W' } }, ['>= 1.5 kW']],
  [['< 200 ms', 'else'], { payload: '0.3 s' }, ['else']],
  [['> 10 MB', '<= 10 MB'], { payload: '11000 KB' }, ['> 10 MB']],
  [['> 25 °C', 'else'], { payload: { temperature_F: 80 } }, ['> 25 °C']],
  [['> 25 °C', 'else'], { payload: { v: 300, u: 'K' } }, ['> 25 °C']],
  [['> 25 °C', 'else'], { payload: { temperature: 20 } }, ['else']],
  [['> 25 °C', 'else'], { payload: '5 V' }, ['> 25 °C', 'else']],
  [['Battery level < 20 %', 'else'], { payload: { batteryLevel: 0.1, other: 7 } }, ['Battery level < 20 %']],
  [['Power >= 2 kW', 'else'], { payload: { power_W: 2100, u: 1 } }, ['Power >= 2 kW']],
  [['above 25 °C', 'at most 25 °C'], { payload: 25 }, ['at most 25 °C']],
  [['mehr als 5', 'höchstens 5'], { payload: 6 }, ['mehr als 5']],
  [['10 °C - 20 °C', 'else'], { payload: '59 °F' }, ['10 °C - 20 °C']],
  [['1 - 2 kW', 'else'], { payload: '2.5 kW' }, ['else']],
  [['MQTT', 'HTTP', 'else'], { protocol: 'http2' }, ['HTTP']],
  [['MQTT', 'HTTP', 'else'], { protocol: 'peer' }, ['else']],
  [['MQTT 5', 'MQTT 3'], { route: 'MQTT 3' }, ['MQTT 3']],
];

describe('a decision', () => {
  for (const [labels, message, taken] of CASES) {
    it(`between ${labels.join(', ')} sends ${JSON.stringify(message)} to ${taken.join()}`, () => {
      assert.deepEqual(ways(labels, message), taken);
    });
  }

  it('sends a message that says nothing about the question every way', () => {
    for (const [labels] of CASES) {
      assert.deepEqual(ways(labels, { payload: 'test message from Start', topic: 'Start' }), labels);
    }
  });
});
