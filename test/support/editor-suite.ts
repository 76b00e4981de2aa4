import type { Page } from 'playwright-core';
import { openEditor, type Editor } from './browser.ts';
import { startChartwire, type TestHost } from './host.ts';

interface EditorSuiteSetup {
  /** What the runtime has instead of the flow of a new home. */
  readonly flow?: readonly object[];
  /** Done before each test. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** One runtime and one browser for the tests of a suite; each begins with the editor as it is right after a login. */
export class EditorSuite {
  #host: TestHost | undefined;
  #editor: Editor | undefined;

  constructor({ flow, prepare }: EditorSuiteSetup = {}) {
    let isNew = true;
    before(async () => {
      this.#host = await startChartwire();
      if (flow !== undefined) await this.#host.api('flows', { method: 'POST', body: flow });
      this.#editor = await openEditor(this.#host);
    });
    beforeEach(async () => {
      if (!isNew) await this.editor.reload();
      isNew = false;
      await prepare?.(this.page);
    });
    afterEach(() => this.#editor?.assertNoProblems());
    after(async () => {
      await this.#editor?.close();
      await this.#host?.stop();
    });
  }

  get host(): TestHost {
    if (this.#host === undefined) throw new Error('the runtime starts before the first test');
    return this.#host;
  }

  get editor(): Editor {
    if (this.#editor === undefined) throw new Error('the editor opens before the first test');
    return this.#editor;
  }

  get page(): Page {
    return this.editor.page;
  }
}
