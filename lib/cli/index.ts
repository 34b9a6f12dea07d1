import { explain } from './explain';
import { main } from './main';
import { terminalOf } from './terminal';

const { terminal, args } = terminalOf(process, process.argv.slice(2));

for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // EPIPE: the reader, such as `head`, has read enough. Anything else is said, if it can be.
    if (error.code !== 'EPIPE' && stream === process.stdout) process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  });

void main(args, terminal).then((status) => (process.exitCode = status));
