import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DatafoldServer } from '../../../support/datafold/server';
import { SOURCE } from '../registration/setting';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const root = join(__dirname, '../../../..');
const { secretArn: SECRET, passwordSecretArn: PASSWORD, accessKeySecretArn: KEY } = SOURCE;
/** The AWS CLI, which prints the value of the one secret. */
const AWS = `#!/bin/sh
[ "$*" = "secretsmanager get-secret-value --secret-id ${SECRET} --query SecretString --output text" ] || { echo "aws: $*" >&2; exit 1; }
cat "$(dirname "$0")/value"; echo
`;

/** Shows what the list of processes shows of curl. */
const CURL = `#!/bin/sh
printf '%s\\n' "$@" > "$(dirname "$0")/arguments"
PATH=\${PATH#*:} exec curl "$@"
`;

const canRun = (() => {
  try {
    return execFileSync('bash', ['-c', 'curl --version']).length > 0;
  } catch {
    return false;
  }
})();

(canRun ? test.each : test.skip.each)(['README.md', 'docs/getting-started.md'])(
  'the command in %s sends the value of the secret to Datafold, which takes it, and no secret is in the list of processes',
  async (page) => {
    const environment = await TestEnvironment.start();
    const datafold = await new DatafoldServer('df-api-key').start();
    const folder = mkdtempSync(join(tmpdir(), 'datafold-curl-'));
    try {
      environment.secrets.add(SECRET, '{}');
      environment.secrets.add(PASSWORD, `it's a "pass\\word" $HOME`);
      environment.secrets.add(KEY!, JSON.stringify({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a/b+c' }));
      await new StackResource(environment, 'Custom::DatafoldDataSource', 'DataSource').create({
        ...SOURCE,
        sslMode: 'verify-full',
      });
      const value = environment.secrets.jsonOf(SECRET);
      writeFileSync(join(folder, 'value'), JSON.stringify(value));
      for (const [name, script] of Object.entries({ aws: AWS, curl: CURL }))
        writeFileSync(join(folder, name), script, { mode: 0o755 });

      const block = /```sh\n((?:(?!```)[\s\S])*\bcurl\b[\s\S]*?)```/.exec(
        readFileSync(join(root, page), 'utf8'),
      )![1];
      const command = block.replace('<ARN>', SECRET).replace('https://app.datafold.com', datafold.url);
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, DATAFOLD_API_KEY: 'df-api-key' };
      // With a socket as its input bash may read ~/.bashrc, which may put another `aws` first.
      const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', command], { env });

      expect(JSON.parse(stdout)).toMatchObject({ id: 41, name: 'shop/app' });
      expect(datafold.asked).toEqual(['POST /api/v1/data_sources']);
      expect(datafold.posted).toEqual([value]);
      expect(datafold.violations).toEqual([]);
      const shown = readFileSync(join(folder, 'arguments'), 'utf8');
      expect(shown).toContain(datafold.url);
      expect(shown).not.toMatch(/df-api-key|pass|a\/b/);
    } finally {
      rmSync(folder, { recursive: true });
      await datafold.stop();
      await environment.stop();
    }
  },
);
