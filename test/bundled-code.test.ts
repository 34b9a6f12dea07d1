import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from '../lib';
import { auroraCluster } from './support/stacks';

/** Every file asset that the manifests of a cloud assembly name, as the CDK CLI looks for it: from the manifest's own folder. */
function assetsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.assets.json'))
    .flatMap((file) => {
      const manifest = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
        files: Record<string, { source: { path: string } }>;
      };
      return Object.values(manifest.files).map(({ source }) => join(folder, source.path));
    });
}

test.each([
  ['an app', (app: App) => app],
  ['a stage', (app: App) => new Stage(app, 'Prod')],
  ['a stage in a stage', (app: App) => new Stage(new Stage(app, 'Outer'), 'Inner')],
])('the code of the functions is where the manifest of %s says', (_, stageIn) => {
  const stage = stageIn(new App());
  const stack = new Stack(stage, 'Test');
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new DatafoldPostgres(stack, 'Datafold', { server, databases: [{ databaseName: 'app' }] });
  const assets = assetsIn(stage.synth().directory);
  expect(assets.filter((path) => /asset\.[0-9a-f]{64}$/.test(path))).toHaveLength(2);
  expect(assets.filter((path) => !existsSync(path))).toEqual([]);
});
