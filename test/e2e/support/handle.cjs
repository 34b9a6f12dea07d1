// Runs the shipped provisioner as Lambda does, for one event in each line of the standard input. Its credentials come by the
// environment. What it sends to CloudFormation's bucket comes to ANSWERS_TO.
const http = require('node:http');
const https = require('node:https');
const { createInterface } = require('node:readline');

const { request } = https;
https.request = (url, ...rest) =>
  String(url).startsWith('https://cloudformation-custom-resource-response-')
    ? http.request(process.env.ANSWERS_TO, ...rest)
    : request(url, ...rest);

// The events are of a stack that is nowhere: it is always being updated.
const { CloudFormationClient } = require('@aws-sdk/client-cloudformation');
const StackStatus = 'UPDATE_IN_PROGRESS';
CloudFormationClient.prototype.send = async () => ({ Stacks: [{ StackStatus, CreationTime: new Date(0) }] });

const { handler } = require('../../../assets/provisioner/index.js');

const invocation = { invokedFunctionArn: 'arn:none', getRemainingTimeInMillis: () => 15 * 60_000 };
createInterface({ input: process.stdin }).on('line', (line) => void handler(JSON.parse(line), invocation));
