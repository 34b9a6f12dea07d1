import type { TestEnvironment } from '../../support/test-environment';

type Method = (...parameters: unknown[]) => Promise<unknown>;

/** Which calls change something, by the names of the ports' methods. */
const CHANGE =
  /^(create|copy|delete|deactivate|write|make|set|tag|untag|modify|reboot|invoke|send|attach|detach|add|remove)/;
const PORTS = ['iam', 'secrets', 'rotation', 'logs', 'rds', 'functions'] as const;

/** Watches the calls of AWS: which of them change something, and what happens after the one of a number. */
export class Calls {
  /** Of all calls, as `port.method`. */
  readonly made: string[] = [];
  /** Called after each call with its number. */
  after: (count: number) => Promise<void> = async () => undefined;

  constructor(environment: TestEnvironment) {
    for (const name of PORTS) {
      const port = environment[name] as unknown as Record<string, Method>;
      const watched = new Proxy(port, {
        get: (target, method: string) => {
          const call = target[method];
          if (typeof call !== 'function') return call;
          return async (...parameters: unknown[]) => {
            this.made.push(`${name}.${method}`);
            const count = this.made.length;
            try {
              return await call.apply(target, parameters);
            } finally {
              await this.after(count);
            }
          };
        },
      });
      Object.defineProperty(environment, name, { value: watched });
    }
  }

  changes(from = 0): string[] {
    return this.made.slice(from).filter((call) => CHANGE.test(call.split('.')[1]));
  }
}
