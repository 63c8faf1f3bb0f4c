import { checkNetworkAccess, type Config, toConfig } from '../../src/config/load';

const configured = (file: object): Config => toConfig({ file, environment: {}, options: {}, sources: [] });
const refusal =
  /^host: expected a token where other machines can connect \(.*\), or --insecure to let everybody in, got "[^"\n]*" without either$/;

it.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', 'localhost'])(
  'listens on %s, where only this machine can ask, without a token',
  (host) => {
    expect(() => checkNetworkAccess(configured({ host }))).not.toThrow();
  },
);

it.each(['0.0.0.0', '::', '192.0.2.7', 'suite.example', '127.0.0.1.example', 'localhost.example', '::ffff:192.0.2.7'])(
  'refuses to listen on %s without a token',
  (host) => {
    expect(() => checkNetworkAccess(configured({ host }))).toThrow(refusal);
    const token = 'sixteen-characters';
    for (const rest of [{ token }, { operatorToken: token }, { insecure: true }])
      expect(() => checkNetworkAccess(configured({ host, ...rest }))).not.toThrow();
  },
);
