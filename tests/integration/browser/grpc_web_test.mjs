// gRPC-Web in a web page: npm's grpc-web in Chromium, of a page of another origin.
// CHROMIUM, SERVER (of arith.Arith, which lets in the origins that are named) and FEED (of
// feed.Feed) are the programs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';

async function serve(program, origins) {
  const process_ = spawn(program, origins, { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface(process_.stdout)) {
    return { origin: 'http://' + line.replace('tcp@', ''), stop: () => process_.kill() };
  }
  throw new Error('the server has not said where it listens');
}

// How many calls of a method the server has taken.
async function taken(server, name) {
  const page = await (await fetch(server.origin + '/debug/rpc?format=json')).json();
  return page.methods.find((method) => method.method === name).calls;
}

const here = (name) => new URL(name, import.meta.url);
const files = {
  '/': ['text/html', () => '<!doctype html><script type="module" src="/page.mjs"></script>'],
  '/page.mjs': ['text/javascript', () => readFile(here('grpc_web_page.mjs'))],
  '/grpc-web.mjs': ['text/javascript',
    () => readFile(here('node_modules/grpc-web/index.esm.js'))],
};

for (const format of ['text', 'binary']) {
  describe(`gRPC-Web in ${format} from a web page`, () => {
    let browser;
    let elsewhere;  // the web server of the page
    let page;
    let arith;
    let closed;     // the same, which lets no pages in
    let feed;

    before(async () => {
      elsewhere = http.createServer(async (request, answer) => {
        const [type, content] = files[request.url] ?? ['text/plain', () => ''];
        answer.setHeader('Content-Type', type);
        answer.end(await content());
      });
      await new Promise((ready) => elsewhere.listen(0, '127.0.0.1', ready));
      const origin = `http://127.0.0.1:${elsewhere.address().port}`;
      arith = await serve(process.env.SERVER, [origin]);
      closed = await serve(process.env.SERVER, []);
      feed = await serve(process.env.FEED, []);
      browser = await chromium.launch({
        executablePath: process.env.CHROMIUM,
        args: ['--no-sandbox', '--disable-gpu'],
      });
      page = await browser.newPage();
      await page.goto(origin);
      await page.waitForFunction(() => window.calls);
    });

    after(async () => {
      await browser?.close();
      elsewhere?.close();
      arith?.stop();
      closed?.stop();
      feed?.stop();
    });

    // In the page.
    const unary = (...call) => page.evaluate((call) => calls.unary(...call), [format, ...call]);
    const stream = (...call) => page.evaluate((call) => calls.stream(...call), [format, ...call]);

    test('calls, with metadata both ways', async () => {
      const { result, status } = await unary(arith.origin, 'multiply', [-7, 8], { 'x-token': 't' });
      assert.deepEqual(result, [-56]);
      assert.equal(status.code, 0);
      assert.equal(status.metadata['x-token'], 't');
      assert.deepEqual((await unary(arith.origin, 'multiply', [0, 8])).result, [0]);
    });

    test('gets a declared error', async () => {
      const error = await unary(arith.origin, 'divide', [8, 0]);
      assert.equal(error.code, 3);
      assert.equal(error.message, 'divide by zero');
      // google.rpc.Status: code, message, and an Any with the error.
      const any = '\x0a\x26type.googleapis.com/arith.DivideByZero\x12\x02\x08\x08';
      const details = '\x08\x03\x12\x0edivide by zero\x1a' + String.fromCharCode(any.length) + any;
      assert.equal(atob(error.metadata['grpc-status-details-bin']), details);
    });

    test('reads a stream to its end', async () => {
      const { seen, error } = await stream(feed.origin, 'count', [5, 1000]);
      assert.equal(error, undefined);
      assert.deepEqual(seen, Array.from({ length: 1000 }, (_, i) => 6 + i));
    });

    test('gets an error behind the messages of a stream', async () => {
      const { seen, error } = await stream(feed.origin, 'count', [0, -2]);
      assert.deepEqual(seen, [1, 2]);
      assert.equal(error.code, 5);
      assert.equal(error.message, 'no more ticks');
    });

    test('gives a stream its time', async () => {
      const metadata = { deadline: String(Date.now() + 500) };
      const { seen, error } = await stream(feed.origin, 'count', [0, 0], { metadata });
      assert.deepEqual(seen, [1, 2, 3]);
      assert.equal(error.code, 4);
    });

    test('cancels the handler of a call that is aborted', async () => {
      const leavers = async () =>
        (await (await fetch(feed.origin + '/feed.Feed/Leavers?encoding=json')).json()).streams;
      const had = await leavers();
      const before = await taken(feed, 'Count');
      await page.evaluate(([format, server]) => {
        window.begun = calls.begin(format, server, 'count', [0, 0]);
      }, [format, feed.origin]);
      while (await taken(feed, 'Count') === before);
      const end = await page.evaluate(() => {
        begun.abort();
        return begun.end;
      });
      assert.equal(end.code, 1);
      while (await leavers() === had);
    });

    // In binary the browser gives the answer out when it has ended.
    test('cancels the handler of a stream that is left', { skip: format === 'binary' }, async () => {
      const leavers = async () =>
        (await (await fetch(feed.origin + '/feed.Feed/Leavers?encoding=json')).json()).streams;
      const had = await leavers();
      const { seen } = await stream(feed.origin, 'count', [0, 0], { leave: 3 });
      assert.deepEqual(seen, [1, 2, 3]);
      while (await leavers() === had);
    });

    test('does not reach handlers of a server that lets no origin in', async () => {
      const error = await unary(closed.origin, 'multiply', [7, 8]);
      assert.notEqual(error.code, 0);
      assert.equal(await taken(closed, 'Multiply'), 0);
    });
  });
}
