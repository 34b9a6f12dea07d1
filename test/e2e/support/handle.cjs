// Runs the shipped provisioner as Lambda does, for one event in each line of the standard input. Its credentials come by the
// environment.
const http = require('node:http');
const https = require('node:https');
const { createInterface } = require('node:readline');

// The provisioner answers to CloudFormation's own host alone; here the first part of the path is the port that listens for it.
https.request = (url, options, callback) =>
  http.request(
    new URL(new URL(url).pathname, `http://127.0.0.1:${new URL(url).pathname.split('/')[1]}`),
    options,
    callback,
  );

// The events are of a stack that is nowhere: it is always being updated.
const { CloudFormationClient } = require('@aws-sdk/client-cloudformation');
const StackStatus = 'UPDATE_IN_PROGRESS';
CloudFormationClient.prototype.send = async () => ({ Stacks: [{ StackStatus, CreationTime: new Date(0) }] });

const { handler } = require('../../../assets/provisioner/index.js');

const invocation = { invokedFunctionArn: 'arn:none', getRemainingTimeInMillis: () => 15 * 60_000 };
createInterface({ input: process.stdin }).on('line', (line) => {
  const event = JSON.parse(line);
  Object.assign(process.env, {
    DATAFOLD_STACK: event.StackId,
    DATAFOLD_URL_SUFFIX: 'amazonaws.com',
    DATAFOLD_HOSTS: '[]',
  });
  void handler(event, invocation);
});
