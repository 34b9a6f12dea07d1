// Runs the shipped provisioner as Lambda does, for one event in each line of the standard input. Its credentials come by the
// environment.
const { createInterface } = require('node:readline');
const { handler } = require('../../../assets/provisioner/index.js');

const invocation = { invokedFunctionArn: 'arn:none', getRemainingTimeInMillis: () => 15 * 60_000 };
createInterface({ input: process.stdin }).on('line', (line) => void handler(JSON.parse(line), invocation));
