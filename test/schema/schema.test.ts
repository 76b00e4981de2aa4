import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compileSchema, schemaProblem } from '../../src/schema/schema.ts';
import { isFault } from '../../src/fault.ts';

const reading = {
  type: 'object',
  required: ['device'],
  additionalProperties: false,
  properties: {
    device: { type: 'string', pattern: '^[a-z]+$' },
    temperatureC: { type: 'number', maximum: 60 },
    unit: { enum: ['C', 'F'] },
    version: { const: 2 },
    tags: { type: 'array', items: { type: 'string' } },
  },
};

describe('schema', () => {
  const values: readonly [unknown, string | undefined][] = [
    [{ device: 'a', temperatureC: 20, unit: 'C', version: 2, tags: [] }, undefined],
    [{ device: 'a', temperatureC: 99 }, '/temperatureC must be <= 60 (is 99)'],
    [{ device: 'a', temperatureC: 'warm' }, '/temperatureC must be number (is "warm")'],
    [{ device: 'a', temperatureC: [] }, '/temperatureC must be number (is an array)'],
    [{}, "the value must have required property 'device'"],
    [{ device: 'A1' }, '/device must match pattern "^[a-z]+$" (is "A1")'],
    [{ device: 'a', unit: 'K' }, '/unit must be one of "C", "F" (is "K")'],
    [{ device: 'a', version: 1 }, '/version must be 2 (is 1)'],
    [{ device: 'a', colour: 1 }, 'the value must not have property "colour"'],
    [{ device: 'a', tags: ['x', 1] }, '/tags/1 must be string (is 1)'],
    [null, 'the value must be object (is null)'],
    [{ device: 'a', unit: 'x'.repeat(99) }, `/unit must be one of "C", "F" (is "${'x'.repeat(39)}…)`],
  ];
  for (const [value, problem] of values) {
    it(`says ${problem ?? 'nothing'} about ${JSON.stringify(value).slice(0, 60)}`, () => {
      assert.equal(compileSchema(reading).validate(value), problem);
    });
  }

  it('takes no inherited property for one that was given', () => {
    assert.notEqual(compileSchema({ type: 'object', required: ['toString'] }).validate({}), undefined);
  });

  const wrong: readonly [unknown, RegExp][] = [
    ['text', /must be an object, true or false/],
    [null, /must be an object, true or false/],
    [[], /must be an object, true or false/],
    [{ type: 'reading' }, /^the schema is wrong: .*type/],
    [{ typ: 'object' }, /unknown keyword: "typ"/],
    [{ $ref: 'https://example.com/reading.json' }, /can't resolve reference/],
    [{ type: 'string', format: 'colour' }, /unknown format "colour"/],
    [{ type: 'string', pattern: '(' }, /[Ii]nvalid regular expression|pattern/],
    [{ $async: true }, /must not be asynchronous/],
    [{ $schema: 'https://example.com/dialect' }, /no schema with key or ref/],
  ];
  for (const [schema, expected] of wrong) {
    it(`reports what is wrong with ${JSON.stringify(schema)}`, () => {
      assert.match(schemaProblem(schema) ?? '', expected);
      assert.throws(
        () => compileSchema(schema),
        (error) => isFault(error) && error.code === 'SETTINGS_INVALID',
      );
    });
  }

  it('compiles the same text once', () => {
    assert.equal(compileSchema({ type: 'number' }), compileSchema({ type: 'number' }));
  });

  it('keeps two schemas of one $id apart', () => {
    const strings = compileSchema({ $id: 'same', type: 'string' });
    const numbers = compileSchema({ $id: 'same', type: 'number' });
    assert.equal(strings.validate('a'), undefined);
    assert.equal(numbers.validate(1), undefined);
  });

  it('speaks 2020-12 when the schema says so', () => {
    const schema = compileSchema({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'array',
      prefixItems: [{ type: 'number' }],
    });
    assert.equal(schema.validate(['a']), '/0 must be number (is "a")');
  });

  const formats: readonly [string, string, boolean][] = [
    ['date-time', '2026-02-28T12:00:00.5+01:00', true],
    ['date-time', '2026-02-30T12:00:00Z', false],
    ['date-time', '2026-02-28', false],
    ['date', '2024-02-29', true],
    ['date', '2025-02-29', false],
    ['time', '23:59:60Z', true],
    ['time', '24:00:00Z', false],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000', true],
    ['uuid', '123e4567', false],
    ['uri', 'mqtts://host:8883/a', true],
    ['uri', 'a b', false],
    ['ipv4', '127.0.0.1', true],
    ['ipv4', '127.0.0', false],
    ['ipv6', '::1', true],
    ['hostname', 'edge-1.local', true],
    ['hostname', '-edge', false],
    ['email', 'a@b.example', true],
    ['email', 'a b@c', false],
  ];
  for (const [format, text, right] of formats) {
    it(`takes ${text} for ${right ? 'a' : 'no'} ${format}`, () => {
      assert.equal(compileSchema({ type: 'string', format }).validate(text) === undefined, right);
    });
  }
});
