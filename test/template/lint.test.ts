import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { template } from '../../bin/template/template';

const installed = spawnSync('cfn-lint', ['--version']).status === 0;
const required = process.env.REQUIRE_CFN_LINT === '1';
if (!installed && !required) console.log('cfn-lint is not on this machine: the templates are not linted');

(installed || required ? test : test.skip).each(['cluster', 'instance'] as const)(
  'cfn-lint has nothing to say about the template for a %s',
  (kind) => {
    const dir = mkdtempSync(join(tmpdir(), 'datafold-lint-'));
    try {
      const file = join(dir, 'template.json');
      writeFileSync(file, JSON.stringify(template(kind), null, 1));
      const { stdout, status } = spawnSync('cfn-lint', ['-t', file], { encoding: 'utf8' });
      expect(stdout).toBe('');
      expect(status).toBe(0);
    } finally {
      rmSync(dir, { recursive: true });
    }
  },
);
