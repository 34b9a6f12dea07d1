import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

const BUNDLE = join(__dirname, '../../../assets/provisioner/index.js');

test('needs nothing but Node.js, the SDK that the Lambda runtime brings, and the certificates beside it', () => {
  const required = [...readFileSync(BUNDLE, 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(
    ([, name = '']) => name,
  );
  expect(required).toContain('@aws-sdk/client-secrets-manager');
  const others = required.filter(
    (name) => !name.startsWith('@aws-sdk/client-') && !builtinModules.includes(name.replace(/^node:/, '')),
  );
  expect(others).toEqual(['./rds-authorities.json']);
  expect(existsSync(join(BUNDLE, '..', 'rds-authorities.json'))).toBe(true);
});
