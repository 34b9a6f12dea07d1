import fc from 'fast-check';

// Jest's time-out tells neither the seed nor the case, so this one comes first: whoever uses it gives jest 300 s.
fc.configureGlobal({ interruptAfterTimeLimit: 270_000, markInterruptAsFailure: true });

export { fc };
