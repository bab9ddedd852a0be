// The runtime API on Node's own http module.
import http from 'node:http';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, path: `/2018-06-01/runtime/${path}`, agent }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(parts) }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

for (;;) {
  const event = await ask('GET', 'invocation/next');
  JSON.parse(event.body);
  const answer = { statusCode: 200, body: '{"status":"ok"}' };
  await ask('POST', `invocation/${event.headers['lambda-runtime-aws-request-id']}/response`, JSON.stringify(answer));
}
