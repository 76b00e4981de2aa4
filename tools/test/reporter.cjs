'use strict';
const { reporters } = require('mocha');

/** The ordinary report, ended by one line a machine can read. A pending test counts as failed: it proves nothing. */
module.exports = class ClosingLine extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      process.stdout.write(`${passes} passed, ${failures + pending} failed\n`);
      if (pending > 0) process.exitCode = 1;
    });
  }
};
