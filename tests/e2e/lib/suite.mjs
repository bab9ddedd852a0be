/* One server and one browser for all tests of a file. */
import { after, before, test } from 'node:test';

import { startServer } from './server.mjs';
import { launch, withVisit } from './visit.mjs';

const LIMIT_MS = 180_000;

/** suite(options...).visits(name, visitor's options, body): a test with a visitor of its own. */
export function suite(...options) {
  const shared = {};
  before(async () => {
    shared.server = await startServer(...options);
    shared.browser = await launch();
  });
  after(async () => {
    await shared.browser?.close();
    await shared.server?.stop();
  });
  return {
    shared,
    visits: (name, visitor, body) =>
      test(name, { timeout: LIMIT_MS }, () => withVisit(shared.browser, shared.server, { ...visitor, name }, body)),
  };
}
