// A provider of OpenID Connect for the portal's tests, on the loopback device:
//   node serve.mjs PKCS12          started in the folder in which the packages stand
// It prints its address as a line, reads the client as a line of JSON, and then prints a line for each sign-in that it accepts.
// Whoever writes a name into its form is that person; what it says of them is below.
import { createRequire } from 'node:module';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

console.info = console.warn = () => {}; // the package warns of what only a real provider has to do otherwise
const require = createRequire(process.cwd() + '/');
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));

const people = {
  olga: { groups: ['canteen', 'platform'] },
  fritz: { groups: 'fleet' },
  nora: { groups: ['canteen'] },
};

let answer = (_, response) => response.writeHead(503).end();
const server = createServer({ pfx: readFileSync(process.argv[2]), passphrase: '' }, (request, response) => answer(request, response));
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const issuer = `https://localhost:${server.address().port}`;
console.log(issuer);

for await (const line of createInterface({ input: process.stdin })) {
  const client = JSON.parse(line);
  const provider = new Provider(issuer, {
    clients: [{ response_types: ['code'], grant_types: ['authorization_code'], ...client }],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
    features: { pushedAuthorizationRequests: { enabled: false } }, // so that the tests see in the address what was asked for
    cookies: { keys: ['only for tests'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: `${id}.known`, ...people[id] }) }),
  });
  provider.on('authorization.accepted', context => console.log(JSON.stringify(context.oidc.params)));
  provider.on('server_error', (_, error) => console.error(error));
  answer = provider.callback();
}
process.exit(0); // with its input it ends
