import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import imports from './scripts/no-circular-imports.mjs';

const NO_CDK = {
  group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'],
  message: 'Code that runs in Lambda imports nothing of the CDK.',
};
const NO_AWS = {
  group: ['@aws-sdk/*'],
  message: 'Only lib/handler/provisioner/aws calls AWS: ask its ports.',
};

/** What files of a layer must not import; a later entry replaces the rule of an earlier one for the same file. */
const layer = (files, ...patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [NO_CDK, ...patterns] }] },
});
const provisioner = (folder) => `lib/handler/provisioner/${folder}/**/*.ts`;

export default tseslint.config(
  { ignores: ['dist/', 'assets/', 'coverage/', 'cdk.out/', '.cache/', '**/*.d.ts'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: { imports },
    languageOptions: {
      parserOptions: { project: 'test/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'imports/no-circular-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/return-await': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'readonly',
        __dirname: 'readonly',
        __filename: 'readonly',
        require: 'readonly',
        URL: 'readonly',
      },
    },
  },
  // The design's rules of dependency: imports go one way.
  {
    files: ['lib/handler/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'error' },
  },
  layer(['lib/handler/**/*.ts'], NO_AWS),
  layer([provisioner('*')], NO_AWS, {
    regex: '^\\.\\./[^/]+$',
    message:
      'A folder of the provisioner imports nothing of index.ts, dispatch.ts and what lies beside them.',
  }),
  layer([provisioner('sql-client')], NO_AWS, {
    regex: '^\\.\\./(?!\\.\\./|runtime/|aws/)',
    message: 'sql-client/ imports runtime/ and aws/ alone: no type of custom resource.',
  }),
  layer([provisioner('aws')], {
    regex: '^\\.\\./(?!\\.\\./|runtime/)',
    message: 'aws/ imports runtime/ alone.',
  }),
  layer([provisioner('runtime')], NO_AWS, {
    regex: '^\\.\\./(?!\\.\\./(log|shorten)$)',
    message: 'runtime/ imports nothing of its neighbors: what it needs is handed to it.',
  }),
  layer(['lib/cli/{statement-log,lineage}/**/*.ts'], NO_AWS, {
    group: ['node:fs', 'node:net', 'node:http*', '../aws/*', '../doctor/*', '../terminal/*'],
    message: 'statement-log/ and lineage/ are pure: no I/O, and nothing of the commands.',
  }),
  layer(['lib/handler/sql-runner/plan/**/*.ts'], {
    group: ['pg', 'pg/*', 'node:*', '../connection/*', '../catalog/*', '@aws-sdk/*'],
    message: 'plan/ is pure.',
    allowTypeImports: true,
  }),
  prettier,
);
