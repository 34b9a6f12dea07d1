// Preloaded into the functions: sends one call of an AWS service to a server that refuses it, if the file that DATAFOLD_FAULT
// names asks for it. The emulator starts a process for each invocation, so what is left to skip is kept in that file.
const http = require('node:http');
const { readFileSync, writeFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const file = process.env.DATAFOLD_FAULT;
const real = http.request;

http.request = function (options, ...rest) {
  return real.call(this, refusalFor(options) ?? options, ...rest);
};
syncBuiltinESMExports();

function refusalFor(options) {
  const { authorization = '', 'x-amz-target': call = '' } = options.headers ?? {};
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(authorization)?.[1];
  const fault = service && read();
  if (!fault || !new RegExp(fault.calls).test(`${service}:${call.split('.').pop()}`)) return undefined;
  if (fault.skip > 0) {
    writeFileSync(file, JSON.stringify({ ...fault, skip: fault.skip - 1 }));
    return undefined;
  }
  writeFileSync(file, '{}');
  return { ...options, host: '127.0.0.1', hostname: '127.0.0.1', port: fault.port };
}

function read() {
  try {
    const fault = JSON.parse(readFileSync(file, 'utf8'));
    return fault.calls ? fault : undefined;
  } catch {
    return undefined; // none is asked for
  }
}
