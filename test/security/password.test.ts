import assert from 'node:assert/strict';
import { hashPassword, isPasswordHash, passwordProblem, verifyPassword } from '../../src/security/password.ts';

describe('A password', () => {
  it('is refused when it is short, monotonous, repeated or endless', () => {
    const weak = [
      '',
      'short',
      'elevenchars',
      'a'.repeat(20),
      'abababababab',
      'admin.admin.admin.',
      'x1Y!z'.repeat(300),
    ];
    for (const text of weak) assert.ok(passwordProblem(text), text);
  });

  it('is taken from 12 characters on, in any script', () => {
    for (const text of ['correct horse', 'Пароль длинный', '長いパスワードを選んで下さい', 'x7#kQ2!mZ9$w'])
      assert.equal(passwordProblem(text), undefined);
  });

  it('is known again by its hash only, in whatever form the keyboard composed it', async () => {
    const stored = await hashPassword('crème brûlée!');
    assert.ok(isPasswordHash(stored));
    assert.equal(await verifyPassword('crème brûlée!'.normalize('NFD'), stored), true);
    assert.equal(await verifyPassword('creme brulee!', stored), false);
    assert.notEqual(await hashPassword('crème brûlée!'), stored);
  });

  it('is never right against a text that is no hash', async () => {
    for (const stored of ['', 'correct horse', 'scrypt$32768$8$3$$', 'scrypt$x$8$3$AAAAAAAAAAAAAAAAAAAAAA$A']) {
      assert.equal(await verifyPassword('correct horse', stored), false);
    }
  });
});
