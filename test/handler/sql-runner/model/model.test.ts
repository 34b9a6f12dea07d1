import { fc, rounds } from '../../../support/property';
import { withServer } from '../../../support/with-server';
import { Model } from './model';
import { othersCommands } from './others';
import { ourCommands, removeAndCompare } from './ours';
import { Servers } from './servers';

const real = withServer({ settings: { log_statement: 'ddl' } });
const twin = withServer();

test('a server that Datafold was removed from is like one that never knew it, whatever happened between', async () => {
  const servers = new Servers(real, twin);
  const property = fc.asyncProperty(
    fc.commands([...othersCommands, ...ourCommands], { size: '+1', maxCommands: 25 }),
    async (commands) => {
      await servers.reset();
      const model = new Model();
      await fc.asyncModelRun(() => ({ model, real: servers }), commands);
      if (model.applied) await removeAndCompare(servers, model.applied);
    },
  );
  await fc.assert(property, { numRuns: Number(process.env.MODEL_ROUNDS ?? rounds(6)), endOnFailure: true });
});
