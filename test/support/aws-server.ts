import { HttpServer } from './http-server';

/** A server that speaks the protocols of AWS; the SDK asks it from its start to its stop. */
export class AwsServer extends HttpServer {
  private readonly before = { ...process.env };

  override async start(): Promise<this> {
    await super.start();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${this.port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
    });
    return this;
  }

  override async stop(): Promise<void> {
    process.env = this.before;
    await super.stop();
  }
}
