import { main } from './main';

const output = { out: (text: string) => void process.stdout.write(text), error: process.stderr };

main(process.argv.slice(2), output).then(
  (status) => (process.exitCode = status),
  (error: Error) => {
    process.stderr.write(`${error.name}: ${error.message}\n`);
    process.exitCode = 1;
  },
);
