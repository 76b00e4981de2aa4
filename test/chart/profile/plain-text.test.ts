import assert from 'node:assert/strict';
import { parseChart } from '../../../src/chart/parse/parse-chart.ts';
import { plainText } from '../../../src/chart/profile/plain-text.ts';

describe('plainText', () => {
  const cases: [label: string, plain: string][] = [
    ['"Edge<br/>gateway<br>two"', 'Edge gateway two'],
    ['"<b>bold</b> and <span style="color:red">red</span>"', 'bold and red'],
    ['"List<String> a < b"', 'List<String> a < b'],
    ['"a #quot;b#quot; #9829; #35;"', 'a "b" ♥ #'],
    ['"x &amp; y &#x41; &unknown;"', 'x & y A &unknown;'],
    ['"`The **cat** in _the_ hat`"', 'The cat in the hat'],
    ['"fa:fa-car Car"', 'Car'],
    ['"🏠 Дом"', '🏠 Дом'],
  ];
  for (const [label, plain] of cases) {
    it(`reads ${label} as ${plain}`, () => {
      const vertex = parseChart(`graph TD\nA[${label}]`).model.vertices.get('A');
      assert.ok(vertex);
      assert.equal(plainText(vertex.text, vertex.labelType), plain);
    });
  }
});
